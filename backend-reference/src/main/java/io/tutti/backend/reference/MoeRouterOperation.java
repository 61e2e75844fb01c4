package io.tutti.backend.reference;

import io.tutti.api.graph.Node;
import io.tutti.api.weights.Weight;

/**
 * Softmax over all experts, then the topK largest keep their probability and the others become 0.
 *
 * @param node the node
 * @param weight {@code [experts, hiddenSize]}
 */
record MoeRouterOperation(Node.MoeRouter node, Weight weight) implements Operation {
  @Override
  public double[] run(Step step) {
    int experts = node.width();
    // 1. scores, [tokens, experts]
    double[] y = Projection.apply(step.workers(), weight, step.value(node.input()), step.tokens());
    for (int t = 0; t < step.tokens(); t++) {
      softmax(y, t * experts, experts);
      keepLargest(y, t * experts, experts);
    }
    return y;
  }

  /** 2. Softmax over all experts, chosen or not. */
  private static void softmax(double[] y, int row, int experts) {
    double max = Double.NEGATIVE_INFINITY;
    for (int e = 0; e < experts; e++) {
      max = Math.max(max, y[row + e]);
    }
    double total = 0;
    for (int e = 0; e < experts; e++) {
      y[row + e] = Math.exp(y[row + e] - max);
      total += y[row + e];
    }
    for (int e = 0; e < experts; e++) {
      y[row + e] /= total;
    }
  }

  /** 3. Only the topK largest stay; ties go to the lower expert. */
  private void keepLargest(double[] y, int row, int experts) {
    boolean[] kept = new boolean[experts];
    double sum = 0;
    for (int k = 0; k < node.topK(); k++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!kept[e] && (best < 0 || y[row + e] > y[row + best])) {
          best = e;
        }
      }
      kept[best] = true;
      sum += y[row + best];
    }
    for (int e = 0; e < experts; e++) {
      if (!kept[e]) {
        y[row + e] = 0;
      } else if (node.normalizeTopK()) {
        y[row + e] /= sum;
      }
    }
  }
}
