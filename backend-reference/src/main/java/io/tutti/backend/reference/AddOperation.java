package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * {@code y = left + right}.
 *
 * @param node the node
 */
record AddOperation(Node.Add node) implements Operation {
  @Override
  public double[] run(Step step) {
    double[] left = step.value(node.left());
    double[] right = step.value(node.right());
    double[] y = new double[left.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = left[i] + right[i];
    }
    return y;
  }
}
