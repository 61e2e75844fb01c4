package io.tutti.api.backend;

/**
 * The cached keys and values of one text. Opaque; kept in pages, so that forks share what they have
 * in common.
 *
 * <p>Not thread-safe: used by the thread that steps the model. Closing is idempotent; any other use
 * after it is an {@link IllegalStateException}.
 */
public interface Sequence extends AutoCloseable {
  /** Number of tokens cached. */
  int length();

  /**
   * Returns an independent sequence with the same tokens. Counts against the limit of open
   * sequences.
   */
  Sequence fork();

  /**
   * Forgets the last tokens.
   *
   * @param length tokens to keep
   * @throws IllegalArgumentException if it is negative or more than there are
   */
  void truncate(int length);

  @Override
  void close();
}
