package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * {@code y = silu(gate) * up} with {@code silu(x) = x / (1 + exp(-x))}.
 *
 * @param node the node
 */
record SwiGluOperation(Node.SwiGlu node) implements Operation {
  @Override
  public double[] run(Step step) {
    return apply(step.value(node.gate()), step.value(node.up()));
  }

  static double[] apply(double[] gate, double[] up) {
    double[] y = new double[gate.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
    }
    return y;
  }
}
