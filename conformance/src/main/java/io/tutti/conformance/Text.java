package io.tutti.conformance;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import java.util.Arrays;

/** Short forms for checks that feed tokens and look at logits. */
final class Text {
  private Text() {}

  /** One step of one sequence; all rows of its logits, laid end to end. */
  static float[] step(CompiledModel model, Sequence sequence, LogitsWanted wanted, int... ids) {
    return rows(model.step(Batch.of(new Batch.Entry(sequence, ids, wanted))));
  }

  /** The logits of the last of these tokens, from a fresh sequence in one step. */
  static float[] fresh(CompiledModel model, int... ids) {
    try (Sequence sequence = model.newSequence()) {
      return step(model, sequence, LogitsWanted.LAST, ids);
    }
  }

  /** All rows of logits. */
  static float[] rows(StepResult result) {
    float[] rows = new float[result.rows() * result.vocabSize()];
    float[] row = new float[result.vocabSize()];
    for (int r = 0; r < result.rows(); r++) {
      result.copyRow(r, row);
      System.arraycopy(row, 0, rows, r * row.length, row.length);
    }
    return rows;
  }

  /** Part of the ids. */
  static int[] part(int[] ids, int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  /** Two runs of ids, one after the other. */
  static int[] join(int[] first, int... second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** Logits of the same work done in another way: bit-equal, or equal up to the declared error. */
  static void same(
      CompiledModel model, boolean bits, float[] found, float[] expected, String what) {
    Expect.equal(found.length, expected.length, what + ", number of logits");
    if (bits) {
      int at = Arrays.mismatch(found, expected);
      if (at >= 0) {
        throw CheckStopped.failed(
            what
                + ": logit "
                + at
                + " is "
                + found[at]
                + " (expected: "
                + expected[at]
                + ", bit for bit, as declared)");
      }
      return;
    }
    Comparison comparison = Comparison.of(found, Comparison.widen(expected));
    double tolerance = new Tolerances(model.report().numerics()).sameWork();
    Expect.that(
        comparison.within(tolerance),
        what + ": " + comparison.describe(model.graph().vocabSize()) + ", tolerance " + tolerance);
  }

  /** Logits of a text done in another way; bit-equal where the backend declares it. */
  static void same(CompiledModel model, float[] found, float[] expected, String what) {
    same(model, model.report().numerics().batchInvariant(), found, expected, what);
  }
}
