package io.tutti.backend.reference;

import io.tutti.api.graph.Node;
import io.tutti.api.weights.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code logits[r,v] = sum_i x[row[r],i] w[v,i]}, for the wanted rows only.
 *
 * @param node the node
 * @param weight w: {@code [vocabSize, hiddenSize]}
 */
record LmHeadOperation(Node.LmHead node, Weight weight) {
  /**
   * Computes the logits.
   *
   * @param rows the tokens whose logits are wanted
   * @param logits out: {@code [rows, vocabSize]}, f32
   */
  void run(Step step, int[] rows, MemorySegment logits) {
    if (rows.length == 0) {
      return;
    }
    double[] x = step.value(node.input());
    int vocabSize = node.width();
    int in = Math.toIntExact(weight.shape().dim(1));
    step.workers()
        .forEach(
            vocabSize,
            (from, to) -> {
              double[] w = new double[in];
              for (int v = from; v < to; v++) {
                WeightRows.row(weight, v, w);
                for (int r = 0; r < rows.length; r++) {
                  logits.set(
                      ValueLayout.JAVA_FLOAT,
                      Float.BYTES * ((long) r * vocabSize + v),
                      (float) Projection.dot(x, rows[r] * in, w));
                }
              }
            });
  }
}
