package io.tutti.api.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeTest {
  /** Bits per weight as ggml publishes them. */
  @ParameterizedTest
  @CsvSource({
    "F32, 32",
    "F16, 16",
    "BF16, 16",
    "Q8_0, 8.5",
    "Q4_0, 4.5",
    "Q4_1, 5",
    "Q5_0, 5.5",
    "Q5_1, 6",
    "Q4_K, 4.5",
    "Q5_K, 5.5",
    "Q6_K, 6.5625"
  })
  void blocksHaveThePublishedBitsPerWeight(DType dtype, double bits) {
    assertThat(dtype.rowBytes(1024) * 8 / 1024.0).isEqualTo(bits);
    assertThat(dtype.weightType()).isTrue();
  }

  @Test
  void aRowIsAWholeNumberOfBlocks() {
    assertThatThrownBy(() -> DType.Q4_K.rowBytes(896))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("896")
        .hasMessageContaining("256");
  }

  @Test
  void sizesThatLeaveTheRangeOfALongAreRefused() {
    assertThatThrownBy(() -> DType.F32.rowBytes(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32)).isInstanceOf(ArithmeticException.class);
    assertThat(DType.F32.bytes(Shape.of(152_064, 8_192))).isEqualTo(4_982_833_152L);
  }

  @Test
  void aWeightHasExactlyTheBytesOfItsShape() {
    assertThatThrownBy(
            () -> new Weight("w", DType.BF16, Shape.of(2, 3), MemorySegment.ofArray(new byte[11])))
        .hasMessageContaining("11 bytes")
        .hasMessageContaining("12");
  }
}
