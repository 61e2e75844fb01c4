package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * {@code y[t,i] = x[t,i] w[i] / sqrt(mean_i(x[t,i]^2) + eps)}.
 *
 * @param node the node
 * @param weight w: {@code [width]}
 */
@SuppressWarnings("ArrayRecordComponent") // never shared, never compared
record RmsNormOperation(Node.RmsNorm node, double[] weight) implements Operation {
  @Override
  public double[] run(Step step) {
    double[] x = step.value(node.input());
    int width = node.width();
    double[] y = new double[x.length];
    for (int t = 0; t < step.tokens(); t++) {
      int row = t * width;
      // 1. mean of the squares
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += x[row + i] * x[row + i];
      }
      double norm = Math.sqrt(sum / width + node.eps());
      // 2. scale
      for (int i = 0; i < width; i++) {
        y[row + i] = x[row + i] / norm * weight[i];
      }
    }
    return y;
  }
}
