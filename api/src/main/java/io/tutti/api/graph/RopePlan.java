package io.tutti.api.graph;

/**
 * How positions become angles: the inverse frequencies of each pair of a head, and a factor on
 * cosine and sine.
 *
 * <p>Plans are data. A backend may precompute tables from {@link #inverseFrequencies(int)} and
 * {@link #scale()}, which are all that the built-in plans need.
 */
public sealed interface RopePlan {
  /** Base of the geometric progression; config field {@code rope_theta}. */
  double theta();

  /**
   * Returns the angle per position of each pair, {@code [headDim / 2]}.
   *
   * @param headDim even width of a head
   */
  double[] inverseFrequencies(int headDim);

  /** Factor on both cosine and sine. */
  default double scale() {
    return 1.0;
  }

  /**
   * The original form: {@code theta^(-2i/headDim)}.
   *
   * @param theta base
   */
  record Plain(double theta) implements RopePlan {
    /** Validates the base. */
    public Plain {
      requireTheta(theta);
    }

    @Override
    public double[] inverseFrequencies(int headDim) {
      return geometric(theta, headDim);
    }
  }

  /**
   * Position interpolation: every frequency divided by a factor (Chen et al. 2023,
   * arXiv:2306.15595).
   *
   * @param theta base
   * @param factor by how much the context was stretched
   */
  record Linear(double theta, double factor) implements RopePlan {
    /** Validates the numbers. */
    public Linear {
      requireTheta(theta);
      requireFactor(factor);
    }

    @Override
    public double[] inverseFrequencies(int headDim) {
      double[] frequencies = geometric(theta, headDim);
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factor;
      }
      return frequencies;
    }
  }

  /**
   * YaRN: interpolates slow pairs, keeps fast ones, blends between (Peng et al. 2023,
   * arXiv:2309.00071; boundaries rounded outwards and clamped as in the Hugging Face
   * implementation).
   *
   * @param theta base
   * @param factor by how much the context was stretched; at least 1
   * @param originalMaxPositions context that the model was trained on; {@code
   *     original_max_position_embeddings}
   * @param betaFast rotations within that context from which on a pair is kept; usually 32
   * @param betaSlow rotations below which a pair is interpolated; usually 1
   * @param attentionFactor factor on cosine and sine; usually {@code 0.1 ln(factor) + 1}
   * @param truncate whether the boundaries are rounded outwards to whole pairs; usually true
   */
  record Yarn(
      double theta,
      double factor,
      int originalMaxPositions,
      double betaFast,
      double betaSlow,
      double attentionFactor,
      boolean truncate)
      implements RopePlan {
    /** Validates the numbers. */
    public Yarn {
      requireTheta(theta);
      requireFactor(factor);
      if (originalMaxPositions < 1) {
        throw new IllegalArgumentException(
            "yarn originalMaxPositions: " + originalMaxPositions + " (expected: >= 1)");
      }
      if (!(betaFast > 0) || !(betaSlow > 0) || !Double.isFinite(betaFast) || betaSlow > betaFast) {
        throw new IllegalArgumentException(
            "yarn betaFast: "
                + betaFast
                + ", betaSlow: "
                + betaSlow
                + " (expected: 0 < betaSlow <= betaFast)");
      }
      if (!(attentionFactor > 0) || !Double.isFinite(attentionFactor)) {
        throw new IllegalArgumentException(
            "yarn attentionFactor: " + attentionFactor + " (expected: > 0)");
      }
    }

    /** The usual factor on cosine and sine: {@code 0.1 ln(factor) + 1}. */
    public static double defaultAttentionFactor(double factor) {
      return factor <= 1 ? 1.0 : 0.1 * Math.log(factor) + 1.0;
    }

    @Override
    public double scale() {
      return attentionFactor;
    }

    @Override
    public double[] inverseFrequencies(int headDim) {
      double low = pairAtRotations(betaFast, headDim);
      double high = pairAtRotations(betaSlow, headDim);
      if (truncate) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, headDim - 1);
      if (low == high) {
        high += 0.001; // keeps the ramp finite, as the reference implementations do
      }
      double[] frequencies = geometric(theta, headDim);
      for (int i = 0; i < frequencies.length; i++) {
        double ramp = Math.clamp((i - low) / (high - low), 0.0, 1.0);
        frequencies[i] = frequencies[i] / factor * ramp + frequencies[i] * (1 - ramp);
      }
      return frequencies;
    }

    /** Index, not rounded, of the pair that turns this often within the original context. */
    private double pairAtRotations(double rotations, int headDim) {
      return headDim
          * Math.log(originalMaxPositions / (rotations * 2 * Math.PI))
          / (2 * Math.log(theta));
    }
  }

  private static double[] geometric(double theta, int headDim) {
    if (headDim < 2 || headDim % 2 != 0) {
      throw new IllegalArgumentException("headDim: " + headDim + " (expected: even, >= 2)");
    }
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(theta, -2.0 * i / headDim);
    }
    return frequencies;
  }

  private static void requireTheta(double theta) {
    if (!(theta > 1) || !Double.isFinite(theta)) {
      throw new IllegalArgumentException("ropeTheta: " + theta + " (expected: > 1)");
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1) || !Double.isFinite(factor)) {
      throw new IllegalArgumentException("rope factor: " + factor + " (expected: >= 1)");
    }
  }
}
