package io.tutti.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Made weights have the spread that cases ask for, whatever their layout, and come out again. */
class MadeWeightTest {
  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void hasRoughlyTheSpreadAskedFor(DType dtype) {
    try (Arena arena = Arena.ofConfined()) {
      Shape shape = Shape.of(16, 512);
      MadeWeight made = MadeWeight.random(arena, "w", dtype, shape, 0.25, 1);

      double rms = Math.sqrt(Arrays.stream(made.values()).map(v -> v * v).average().orElseThrow());
      assertThat(rms).isBetween(0.05, 1.0);
      assertThat(made.weight().data().byteSize()).isEqualTo(dtype.bytes(shape));
      assertThat(made.weight().data().address() % 2).as("an odd address").isEqualTo(1);
      assertThat(MadeWeight.random(arena, "w", dtype, shape, 0.25, 1).values())
          .as("the same seed")
          .isEqualTo(made.values());
    }
  }
}
