package io.tutti.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tutti.api.weights.DType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Decoding against values that the Python package {@code gguf} recorded; {@code
 * src/test/python/dequantised.py} made the files.
 */
class WeightRowsTest {
  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void decodesBlocksAsGgufDoes(DType dtype) throws IOException {
    MemorySegment blocks = MemorySegment.ofArray(resource(dtype + ".blocks"));
    float[] expected =
        MemorySegment.ofArray(resource(dtype + ".f32"))
            .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    double[] found = new double[expected.length];

    WeightRows.decode(dtype, blocks, 0, found, found.length);

    // Every layout is exact in binary64 and the recorded values are rounded once to binary32.
    for (int i = 0; i < expected.length; i++) {
      assertThat((float) found[i]).as(dtype + " element " + i).isEqualTo(expected[i]);
    }
  }

  @Test
  void decodesHalvesOfEveryKind() {
    // 1, -2, the largest, the smallest subnormal, -0: from the definition of binary16
    short[] halves = {0x3c00, (short) 0xc000, 0x7bff, 0x0001, (short) 0x8000};
    double[] values = new double[5];

    WeightRows.decode(DType.F16, MemorySegment.ofArray(halves), 0, values, 5);

    assertThat(values).containsExactly(1, -2, 65504, 0x1p-24, -0.0);
  }

  @Test
  void decodesBrainFloats() {
    short[] upperHalves = {0x3f80, (short) 0xc049, 0x0080}; // 1, -3.140625, the smallest normal
    double[] values = new double[3];

    WeightRows.decode(DType.BF16, MemorySegment.ofArray(upperHalves), 0, values, 3);

    assertThat(values).containsExactly(1, -3.140625, 0x1p-126);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = WeightRowsTest.class.getResourceAsStream("dequantised/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
