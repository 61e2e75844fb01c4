package io.tutti.backend.reference;

import io.tutti.api.backend.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One step under way: the tokens of all entries laid end to end, and the values computed so far.
 * Operations read their inputs here; a row is a token, {@code [tokens, width]}.
 */
final class Step {
  private final Workers workers;
  private final List<Batch.Entry> entries;
  private final int[] tokens;
  private final int[] positions;
  private final ReferenceSequence[] sequences;
  private final Map<String, double[]> values = new HashMap<>();

  /** Lays out a batch that has been validated. */
  Step(Workers workers, Batch batch) {
    this.workers = workers;
    this.entries = batch.entries();
    int count = batch.tokens();
    tokens = new int[count];
    positions = new int[count];
    sequences = new ReferenceSequence[count];
    int t = 0;
    for (Batch.Entry entry : entries) {
      ReferenceSequence sequence = (ReferenceSequence) entry.sequence();
      int start = sequence.length();
      for (int i = 0; i < entry.tokens().length; i++, t++) {
        tokens[t] = entry.tokens()[i];
        positions[t] = start + i;
        sequences[t] = sequence;
      }
    }
  }

  Workers workers() {
    return workers;
  }

  /** Number of tokens over all entries. */
  int tokens() {
    return tokens.length;
  }

  /** Token id of a row. */
  int token(int t) {
    return tokens[t];
  }

  /** Position of a row's token in its sequence. */
  int position(int t) {
    return positions[t];
  }

  /** Sequence of a row's token. */
  ReferenceSequence sequence(int t) {
    return sequences[t];
  }

  /** Output of an earlier node, {@code [tokens, width]}; not to be changed. */
  double[] value(String node) {
    double[] value = values.get(node);
    if (value == null) {
      throw new IllegalStateException("value of node " + node + " is gone (expected: kept)");
    }
    return value;
  }

  void put(String node, double[] value) {
    values.put(node, value);
  }

  void forget(String node) {
    values.remove(node);
  }

  /** The rows whose logits are wanted, in the order of the result. */
  int[] wantedRows() {
    int[] rows = new int[entries.stream().mapToInt(e -> e.logits().rows(e.tokens().length)).sum()];
    int r = 0;
    int end = 0;
    for (Batch.Entry entry : entries) {
      int length = entry.tokens().length;
      end += length;
      for (int t = end - entry.logits().rows(length); t < end; t++) {
        rows[r++] = t;
      }
    }
    return rows;
  }
}
