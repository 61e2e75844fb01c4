package io.tutti.backend.reference;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the bytes of a weight mean: one row at a time, from the mapped file to binary64, exactly.
 *
 * <p>The block layouts are those of ggml ({@code ggml-common.h}, {@code ggml-quants.c}); {@link
 * DType} lists their fields. Every value of every layout is exact in binary64: at most 11 bits of
 * an f16 scale times 8 of a sub-scale times 6 of a quant, and one subtraction.
 */
final class WeightRows {
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private WeightRows() {}

  /** A whole vector, {@code [width]}. */
  static double[] vector(Weight weight) {
    double[] values = new double[Math.toIntExact(weight.shape().elements())];
    decode(weight.dtype(), weight.data(), 0, values, values.length);
    return values;
  }

  /**
   * One row of a matrix.
   *
   * @param weight {@code [rows, columns]}
   * @param row from 0
   * @param into {@code [columns]}
   */
  static void row(Weight weight, long row, double[] into) {
    int columns = Math.toIntExact(weight.shape().dim(1));
    decode(weight.dtype(), weight.data(), row * weight.dtype().rowBytes(columns), into, columns);
  }

  /** Decodes {@code count} elements that start at byte {@code at}. */
  static void decode(DType dtype, MemorySegment data, long at, double[] into, int count) {
    switch (dtype) {
      case F32 -> {
        for (int i = 0; i < count; i++) {
          into[i] = data.get(F32, at + 4L * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = half(data, at + 2L * i);
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = Float.intBitsToFloat(data.get(I16, at + 2L * i) << 16);
        }
      }
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> {
        for (int i = 0; i < count; i += dtype.blockElements()) {
          block(dtype, data, at, into, i);
          at += dtype.blockBytes();
        }
      }
      case I8, U8, I16, I32, I64, F64, BOOL ->
          throw new IllegalArgumentException("weight type: " + dtype + " (expected: a weight's)");
    }
  }

  private static void block(DType dtype, MemorySegment data, long at, double[] y, int i) {
    switch (dtype) {
      case Q8_0 -> q8v0(data, at, y, i);
      case Q4_0 -> q4v0(data, at, y, i);
      case Q4_1 -> q4v1(data, at, y, i);
      case Q5_0 -> q5v0(data, at, y, i);
      case Q5_1 -> q5v1(data, at, y, i);
      case Q4_K -> q4k(data, at, y, i);
      case Q5_K -> q5k(data, at, y, i);
      case Q6_K -> q6k(data, at, y, i);
      case F32, F16, BF16, I8, U8, I16, I32, I64, F64, BOOL ->
          throw new IllegalArgumentException("block layout: " + dtype + " (expected: Q...)");
    }
  }

  /** 34 bytes: d, 32 quants. */
  private static void q8v0(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    for (int j = 0; j < 32; j++) {
      y[i + j] = d * data.get(ValueLayout.JAVA_BYTE, at + 2 + j);
    }
  }

  /** 18 bytes: d, 16 bytes of nibbles; low nibbles are the first half of the block. */
  private static void q4v0(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    for (int j = 0; j < 16; j++) {
      int q = unsigned(data, at + 2 + j);
      y[i + j] = d * ((q & 15) - 8);
      y[i + j + 16] = d * ((q >> 4) - 8);
    }
  }

  /** 20 bytes: d, m, nibbles. */
  private static void q4v1(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    double m = half(data, at + 2);
    for (int j = 0; j < 16; j++) {
      int q = unsigned(data, at + 4 + j);
      y[i + j] = d * (q & 15) + m;
      y[i + j + 16] = d * (q >> 4) + m;
    }
  }

  /** 22 bytes: d, 32 fifth bits (bit j belongs to element j), nibbles. */
  private static void q5v0(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    int fifth = data.get(I32, at + 2);
    for (int j = 0; j < 16; j++) {
      int q = unsigned(data, at + 6 + j);
      y[i + j] = d * ((q & 15 | (fifth >>> j & 1) << 4) - 16);
      y[i + j + 16] = d * ((q >> 4 | (fifth >>> (j + 16) & 1) << 4) - 16);
    }
  }

  /** 24 bytes: d, m, fifth bits, nibbles. */
  private static void q5v1(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    double m = half(data, at + 2);
    int fifth = data.get(I32, at + 4);
    for (int j = 0; j < 16; j++) {
      int q = unsigned(data, at + 8 + j);
      y[i + j] = d * (q & 15 | (fifth >>> j & 1) << 4) + m;
      y[i + j + 16] = d * (q >> 4 | (fifth >>> (j + 16) & 1) << 4) + m;
    }
  }

  /**
   * 144 bytes: d, dmin, 12 bytes of 6-bit scales and mins, 128 bytes of nibbles. Each 32 bytes of
   * nibbles hold sub-block {@code 2p} in the low and {@code 2p + 1} in the high halves.
   */
  private static void q4k(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    double dmin = half(data, at + 2);
    for (int sub = 0; sub < 8; sub++) {
      double scale = d * scaleK(data, at + 4, sub);
      double min = dmin * minK(data, at + 4, sub);
      for (int j = 0; j < 32; j++) {
        int q = unsigned(data, at + 16 + sub / 2 * 32 + j) >> (sub % 2 * 4) & 15;
        y[i + sub * 32 + j] = scale * q - min;
      }
    }
  }

  /**
   * 176 bytes: as Q4_K, with 32 bytes of fifth bits before the nibbles; bit {@code s} of byte
   * {@code j} belongs to element {@code j} of sub-block {@code s}.
   */
  private static void q5k(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at);
    double dmin = half(data, at + 2);
    for (int sub = 0; sub < 8; sub++) {
      double scale = d * scaleK(data, at + 4, sub);
      double min = dmin * minK(data, at + 4, sub);
      for (int j = 0; j < 32; j++) {
        int low = unsigned(data, at + 48 + sub / 2 * 32 + j) >> (sub % 2 * 4) & 15;
        int fifth = unsigned(data, at + 16 + j) >> sub & 1;
        y[i + sub * 32 + j] = scale * (low | fifth << 4) - min;
      }
    }
  }

  /**
   * 210 bytes: 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, d. Each half
   * of the block has 64 bytes of nibbles and 32 of pairs; its quarter {@code k} takes the nibbles
   * of bytes {@code 32 (k mod 2)...}, low halves for k = 0, 1 and high ones for k = 2, 3, and pair
   * {@code k} of each byte.
   */
  private static void q6k(MemorySegment data, long at, double[] y, int i) {
    double d = half(data, at + 208);
    for (int e = 0; e < 256; e++) {
      int part = e / 128;
      int quarter = e % 128 / 32;
      int j = e % 32;
      int low = unsigned(data, at + part * 64 + quarter % 2 * 32 + j) >> (quarter / 2 * 4) & 15;
      int high = unsigned(data, at + 128 + part * 32 + j) >> (quarter * 2) & 3;
      int scale = data.get(ValueLayout.JAVA_BYTE, at + 192 + e / 16);
      y[i + e] = d * scale * ((low | high << 4) - 32);
    }
  }

  /** The 6-bit scale of a sub-block: its own byte, or a nibble and two bits borrowed. */
  private static int scaleK(MemorySegment data, long at, int sub) {
    return sub < 4
        ? unsigned(data, at + sub) & 63
        : unsigned(data, at + sub + 4) & 15 | (unsigned(data, at + sub - 4) >> 6) << 4;
  }

  /** The 6-bit min of a sub-block. */
  private static int minK(MemorySegment data, long at, int sub) {
    return sub < 4
        ? unsigned(data, at + sub + 4) & 63
        : unsigned(data, at + sub + 4) >> 4 | (unsigned(data, at + sub) >> 6) << 4;
  }

  private static double half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(I16, at));
  }

  private static int unsigned(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }
}
