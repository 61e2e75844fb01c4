package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * {@code y[t] = value[t] * sigmoid(x[t] . w)}.
 *
 * @param node the node
 * @param weight w: {@code [hiddenSize]}
 */
@SuppressWarnings("ArrayRecordComponent") // never shared, never compared
record SigmoidGateOperation(Node.SigmoidGate node, double[] weight) implements Operation {
  @Override
  public double[] run(Step step) {
    double[] x = step.value(node.input());
    double[] value = step.value(node.value());
    double[] y = new double[value.length];
    for (int t = 0; t < step.tokens(); t++) {
      double gate = 1 / (1 + Math.exp(-Projection.dot(x, t * weight.length, weight)));
      for (int i = 0; i < node.width(); i++) {
        y[t * node.width() + i] = value[t * node.width() + i] * gate;
      }
    }
    return y;
  }
}
