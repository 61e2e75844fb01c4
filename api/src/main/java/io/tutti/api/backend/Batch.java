package io.tutti.api.backend;

import java.util.List;
import java.util.Set;

/**
 * A ragged batch: for each of several sequences the tokens that it appends.
 *
 * @param entries one per sequence, at least one
 * @param taps names of nodes whose outputs are wanted, for every token of the batch; empty in
 *     normal work
 */
public record Batch(List<Entry> entries, Set<String> taps) {
  /** Copies the collections and validates that there is work. */
  public Batch {
    entries = List.copyOf(entries);
    taps = Set.copyOf(taps);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("batch: 0 entries (expected: >= 1)");
    }
  }

  /** A batch without taps. */
  public static Batch of(Entry... entries) {
    return new Batch(List.of(entries), Set.of());
  }

  /** A batch without taps. */
  public static Batch of(List<Entry> entries) {
    return new Batch(entries, Set.of());
  }

  /** The same entries with taps. */
  public Batch withTaps(Set<String> names) {
    return new Batch(entries, names);
  }

  /** Number of tokens over all entries. */
  public int tokens() {
    int sum = 0;
    for (Entry entry : entries) {
      sum = Math.addExact(sum, entry.tokens().length);
    }
    return sum;
  }

  /** Number of rows of logits that are wanted. */
  public int logitRows() {
    int sum = 0;
    for (Entry entry : entries) {
      sum = Math.addExact(sum, entry.logits().rows(entry.tokens().length));
    }
    return sum;
  }

  /** Which of an entry's tokens the logits are wanted for. */
  public enum LogitsWanted {
    /** None: a chunk of a prompt that is not its last. */
    NONE,
    /** The last token's: what comes next. */
    LAST,
    /** Every token's: to score a prompt. */
    ALL;

    /** Number of rows of logits for an entry of this many tokens. */
    public int rows(int tokens) {
      return switch (this) {
        case NONE -> 0;
        case LAST -> 1;
        case ALL -> tokens;
      };
    }
  }

  /**
   * What one sequence appends. The token array is borrowed until {@code step} returns, and is not
   * copied.
   *
   * @param sequence the sequence, of the same model
   * @param tokens token ids to append, at least one
   * @param logits which tokens' logits are wanted
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // borrowed for one call; a copy per token would be garbage
  public record Entry(Sequence sequence, int[] tokens, LogitsWanted logits) {
    /** Validates that there is a token. */
    public Entry {
      if (tokens.length == 0) {
        throw new IllegalArgumentException("batch entry: 0 tokens (expected: >= 1)");
      }
    }
  }
}
