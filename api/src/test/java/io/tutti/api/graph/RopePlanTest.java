package io.tutti.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The goldens pin the plans end to end; here their edges. */
class RopePlanTest {
  @Test
  void plainFrequenciesFallFromOneTowardsOneOverTheta() {
    double[] frequencies = new RopePlan.Plain(10_000).inverseFrequencies(4);
    assertThat(frequencies).containsExactly(new double[] {1.0, 0.01}, within(1e-15));
  }

  @Test
  void linearDividesEveryFrequency() {
    assertThat(new RopePlan.Linear(10_000, 4).inverseFrequencies(4))
        .containsExactly(new double[] {0.25, 0.0025}, within(1e-15));
  }

  /**
   * Boundaries by hand for headDim 64, theta 1e6, 32768 positions: pairs below 11 are kept, above
   * 20 interpolated.
   */
  @Test
  void yarnKeepsFastPairsAndInterpolatesSlowOnes() {
    RopePlan.Yarn yarn =
        new RopePlan.Yarn(1e6, 4, 32_768, 32, 1, RopePlan.Yarn.defaultAttentionFactor(4), true);
    double[] plain = new RopePlan.Plain(1e6).inverseFrequencies(64);
    double[] blended = yarn.inverseFrequencies(64);
    for (int i = 0; i <= 11; i++) {
      assertThat(blended[i]).isCloseTo(plain[i], within(1e-15));
    }
    for (int i = 20; i < 32; i++) {
      assertThat(blended[i]).isCloseTo(plain[i] / 4, within(1e-15));
    }
    assertThat(blended[15]).isStrictlyBetween(plain[15] / 4, plain[15]);
    assertThat(yarn.scale()).isCloseTo(1.138629436, within(1e-9));
  }

  @Test
  void refusesNumbersThatMakeNoAngles() {
    assertThatThrownBy(() -> new RopePlan.Plain(Double.NaN)).hasMessageContaining("ropeTheta");
    assertThatThrownBy(() -> new RopePlan.Linear(10_000, 0.5)).hasMessageContaining("factor");
    assertThatThrownBy(() -> new RopePlan.Yarn(10_000, 4, 64, 1, 32, 1, true))
        .hasMessageContaining("betaSlow");
    assertThatThrownBy(() -> new RopePlan.Plain(10_000).inverseFrequencies(3))
        .hasMessageContaining("headDim");
  }
}
