package io.tutti.api.backend;

/** Is told how far a long operation has come. */
@FunctionalInterface
public interface ProgressListener {
  /** A listener that ignores everything. */
  ProgressListener NONE = (phase, done, total) -> {};

  /**
   * Reports progress.
   *
   * @param phase what is being done, such as {@code "weights"}
   * @param done units done so far
   * @param total units in all, at least 1
   */
  void progress(String phase, long done, long total);
}
