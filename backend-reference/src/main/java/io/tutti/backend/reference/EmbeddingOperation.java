package io.tutti.backend.reference;

import io.tutti.api.weights.Weight;

/**
 * {@code y[t] = table[id[t]]}.
 *
 * @param table {@code [vocabSize, hiddenSize]}
 */
record EmbeddingOperation(Weight table) implements Operation {
  @Override
  public double[] run(Step step) {
    int width = Math.toIntExact(table.shape().dim(1));
    double[] row = new double[width];
    double[] y = new double[step.tokens() * width];
    for (int t = 0; t < step.tokens(); t++) {
      WeightRows.row(table, step.token(t), row);
      System.arraycopy(row, 0, y, t * width, width);
    }
    return y;
  }
}
