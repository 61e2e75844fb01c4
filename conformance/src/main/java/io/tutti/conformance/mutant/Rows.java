package io.tutti.conformance.mutant;

import io.tutti.api.backend.StepResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Results of a step, copied so that they can be changed.
 *
 * @param width of a row
 * @param logits rows
 * @param taps by node
 */
record Rows(int width, List<float[]> logits, Map<String, MemorySegment> taps) {
  static Rows of(StepResult result) {
    float[][] rows = new float[result.rows()][result.vocabSize()];
    for (int r = 0; r < rows.length; r++) {
      result.copyRow(r, rows[r]);
    }
    return new Rows(result.vocabSize(), new ArrayList<>(List.of(rows)), result.taps());
  }

  /** As a result; a tap of the head shows the changed logits. */
  StepResult result(String head) {
    float[] flat = new float[logits.size() * width];
    for (int r = 0; r < logits.size(); r++) {
      System.arraycopy(logits.get(r), 0, flat, r * width, width);
    }
    MemorySegment segment = MemorySegment.ofArray(flat);
    Map<String, MemorySegment> seen = new HashMap<>(taps);
    seen.replace(head, MemorySegment.ofArray(segment.toArray(ValueLayout.JAVA_FLOAT)));
    return new StepResult(logits.size(), width, segment, seen);
  }
}
