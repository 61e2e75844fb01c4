package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * Rotates the pairs {@code (x[i], x[i + headDim/2])} of every head by the angle {@code position *
 * inverseFrequency[i]}; cosine and sine are both multiplied by the plan's scale.
 *
 * @param node the node
 */
record RotaryEmbeddingOperation(Node.RotaryEmbedding node) implements Operation {
  @Override
  public double[] run(Step step) {
    double[] x = step.value(node.input());
    double[] y = new double[x.length];
    int half = node.headDim() / 2;
    double[] frequencies = node.plan().inverseFrequencies(node.headDim());
    for (int t = 0; t < step.tokens(); t++) {
      for (int i = 0; i < half; i++) {
        // 1. one angle per pair, the same for every head
        double angle = step.position(t) * frequencies[i];
        double cos = Math.cos(angle) * node.plan().scale();
        double sin = Math.sin(angle) * node.plan().scale();
        // 2. rotate that pair of each head
        for (int h = 0; h < node.heads(); h++) {
          int a = t * node.width() + h * node.headDim() + i;
          int b = a + half;
          y[a] = x[a] * cos - x[b] * sin;
          y[b] = x[b] * cos + x[a] * sin;
        }
      }
    }
    return y;
  }
}
