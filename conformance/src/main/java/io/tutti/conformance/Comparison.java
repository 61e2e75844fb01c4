package io.tutti.conformance;

import java.util.Locale;

/**
 * How far a tensor is from the truth.
 *
 * @param nmse normalised mean squared error: {@code sum((found - truth)^2) / sum(truth^2)};
 *     infinite if something is not finite
 * @param worst index of the largest difference, or of the first value that is not finite
 * @param found value there
 * @param truth value that was expected there
 */
record Comparison(double nmse, int worst, double found, double truth) {
  static Comparison of(float[] found, double[] truth) {
    return of(found, truth, 0, truth.length);
  }

  /** Compares a range; both arrays have the same layout. */
  static Comparison of(float[] found, double[] truth, int from, int to) {
    double error = 0;
    double energy = 0;
    double largest = -1;
    int worst = from;
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(found[i])) {
        return new Comparison(Double.POSITIVE_INFINITY, i, found[i], truth[i]);
      }
      double difference = found[i] - truth[i];
      error += difference * difference;
      energy += truth[i] * truth[i];
      if (Math.abs(difference) > largest) {
        largest = Math.abs(difference);
        worst = i;
      }
    }
    double nmse = error == 0 ? 0 : energy == 0 ? Double.POSITIVE_INFINITY : error / energy;
    return new Comparison(nmse, worst, found[worst], truth[worst]);
  }

  static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  boolean within(double tolerance) {
    return nmse <= tolerance;
  }

  /** The measurement in words; {@code width} turns an index into a row and a column. */
  String describe(int width) {
    return String.format(
        Locale.ROOT,
        "NMSE %.3g, worst at [%d, %d]: %.9g (expected: %.9g)",
        nmse,
        worst / width,
        worst % width,
        found,
        truth);
  }
}
