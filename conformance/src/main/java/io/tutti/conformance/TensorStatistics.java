package io.tutti.conformance;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a tensor looks like.
 *
 * @param count number of values
 * @param min smallest finite value
 * @param max largest finite value
 * @param mean of the finite values
 * @param rms root of the mean square of the finite values
 * @param nonFinite how many are NaN or infinite
 */
public record TensorStatistics(
    int count, double min, double max, double mean, double rms, int nonFinite) {
  static TensorStatistics of(float[] values, int from, int to) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    int nonFinite = 0;
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        nonFinite++;
        continue;
      }
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    int finite = to - from - nonFinite;
    return finite == 0
        ? new TensorStatistics(to - from, Double.NaN, Double.NaN, Double.NaN, Double.NaN, nonFinite)
        : new TensorStatistics(
            to - from, min, max, sum / finite, Math.sqrt(squares / finite), nonFinite);
  }

  /** As one line. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "min % .6g  max % .6g  mean % .6g  rms %.6g  not finite %d of %d",
        min,
        max,
        mean,
        rms,
        nonFinite,
        count);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", count);
    fields.put("min", min);
    fields.put("max", max);
    fields.put("mean", mean);
    fields.put("rms", rms);
    fields.put("non_finite", nonFinite);
    return fields;
  }
}
