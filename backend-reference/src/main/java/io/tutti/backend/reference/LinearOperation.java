package io.tutti.backend.reference;

import io.tutti.api.graph.Node;
import io.tutti.api.weights.Weight;
import java.util.Optional;

/**
 * {@code y[t,o] = sum_i x[t,i] w[o,i] + b[o]}.
 *
 * @param node the node
 * @param weight w: {@code [out, in]}
 * @param bias b: {@code [out]}, where there is one
 */
record LinearOperation(Node.Linear node, Weight weight, Optional<double[]> bias)
    implements Operation {
  @Override
  public double[] run(Step step) {
    int out = node.width();
    // 1. y = x w^T
    double[] y = Projection.apply(step.workers(), weight, step.value(node.input()), step.tokens());
    // 2. y += b
    if (bias.isPresent()) {
      double[] b = bias.get();
      for (int t = 0; t < step.tokens(); t++) {
        for (int o = 0; o < out; o++) {
          y[t * out + o] += b[o];
        }
      }
    }
    return y;
  }
}
