package io.tutti.model.quant;

import io.tutti.api.weights.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Between floats and every weight type, in plain scalar Java: makes checkpoints for tests and
 * benchmarks. Backends have their own kernels.
 *
 * <p>Layouts as {@link DType} describes them; roundings of the blocks of 32 as ggml's reference
 * quantisers have them ({@code ggml-quants.c}), those of the super-blocks by a search of our own.
 */
public final class Quantizer {
  private Quantizer() {}

  /**
   * Packs values.
   *
   * @param dtype a weight type
   * @param values whole blocks of finite values
   * @return {@code dtype.rowBytes(values.length)} bytes
   * @throws IllegalArgumentException if the type is no weight type or the last block is not full
   */
  public static byte[] quantize(DType dtype, float[] values) {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(dtype.rowBytes(values.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += dtype.blockElements()) {
      switch (dtype) {
        case F32 -> out.putFloat(values[at]);
        case F16 -> out.putShort(Float.floatToFloat16(values[at]));
        case BF16 -> out.putShort(toBf16(values[at]));
        case Q8_0 -> Blocks32.packQ8_0(values, at, out);
        case Q4_0 -> Blocks32.packQ4_0(values, at, out);
        case Q4_1 -> Blocks32.packQ4_1(values, at, out);
        case Q5_0 -> Blocks32.packQ5_0(values, at, out);
        case Q5_1 -> Blocks32.packQ5_1(values, at, out);
        case Q4_K -> SuperBlocks.packQ4K(values, at, out);
        case Q5_K -> SuperBlocks.packQ5K(values, at, out);
        case Q6_K -> SuperBlocks.packQ6K(values, at, out);
        case I8, U8, I16, I32, I64, F64, BOOL -> throw noWeight(dtype);
      }
    }
    return out.array();
  }

  /**
   * Unpacks values.
   *
   * @param dtype a weight type
   * @param data whole blocks, borrowed for the call
   * @return the values
   * @throws IllegalArgumentException if the type is no weight type, the last block is not full, or
   *     the data is longer than an array
   */
  public static float[] dequantize(DType dtype, MemorySegment data) {
    if (data.byteSize() % dtype.blockBytes() != 0) {
      throw new IllegalArgumentException(
          dtype
              + ": "
              + data.byteSize()
              + " bytes (expected: a multiple of "
              + dtype.blockBytes()
              + ")");
    }
    return dequantize(dtype, data.toArray(ValueLayout.JAVA_BYTE));
  }

  /** Unpacks values from an array; see {@link #dequantize(DType, MemorySegment)}. */
  public static float[] dequantize(DType dtype, byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float[] values =
        new float[Math.toIntExact((long) data.length / dtype.blockBytes() * dtype.blockElements())];
    for (int at = 0; at < values.length; at += dtype.blockElements()) {
      switch (dtype) {
        case F32 -> values[at] = in.getFloat();
        case F16 -> values[at] = Float.float16ToFloat(in.getShort());
        case BF16 -> values[at] = Float.intBitsToFloat(in.getShort() << 16);
        case Q8_0 -> Blocks32.unpackQ8_0(in, values, at);
        case Q4_0 -> Blocks32.unpackQ4_0(in, values, at);
        case Q4_1 -> Blocks32.unpackQ4_1(in, values, at);
        case Q5_0 -> Blocks32.unpackQ5_0(in, values, at);
        case Q5_1 -> Blocks32.unpackQ5_1(in, values, at);
        case Q4_K -> SuperBlocks.unpackQ4K(in, values, at);
        case Q5_K -> SuperBlocks.unpackQ5K(in, values, at);
        case Q6_K -> SuperBlocks.unpackQ6K(in, values, at);
        case I8, U8, I16, I32, I64, F64, BOOL -> throw noWeight(dtype);
      }
    }
    return values;
  }

  /** Rounds to the upper half of a binary32, ties to even. */
  public static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // stays a NaN whatever its payload
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  private static IllegalArgumentException noWeight(DType dtype) {
    return new IllegalArgumentException("type: " + dtype + " (expected: a weight type)");
  }
}
