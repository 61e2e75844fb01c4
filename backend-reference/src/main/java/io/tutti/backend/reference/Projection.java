package io.tutti.backend.reference;

import io.tutti.api.weights.Weight;

/** The product with a weight matrix, which linear layers and experts share. */
final class Projection {
  private Projection() {}

  /**
   * {@code y[t,o] = sum_i x[t,i] w[o,i]}. A row of the weight is decoded once and used for every
   * token.
   *
   * @param weight w: {@code [out, in]}
   * @param x {@code [tokens, in]}
   * @param tokens number of rows of x
   * @return y: {@code [tokens, out]}
   */
  static double[] apply(Workers workers, Weight weight, double[] x, int tokens) {
    int out = Math.toIntExact(weight.shape().dim(0));
    int in = Math.toIntExact(weight.shape().dim(1));
    double[] y = new double[tokens * out];
    workers.forEach(
        out,
        (from, to) -> {
          double[] w = new double[in];
          for (int o = from; o < to; o++) {
            WeightRows.row(weight, o, w);
            for (int t = 0; t < tokens; t++) {
              y[t * out + o] = dot(x, t * in, w);
            }
          }
        });
    return y;
  }

  /** {@code sum_i x[at + i] w[i]}, from first to last. */
  static double dot(double[] x, int at, double[] w) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += x[at + i] * w[i];
    }
    return sum;
  }
}
