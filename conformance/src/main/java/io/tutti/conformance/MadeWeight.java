package io.tutti.conformance;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A weight made up together with its exact values: fields of each block are drawn first, then
 * written as bytes and multiplied out as binary64. Nothing here decodes, so that a mistake in a
 * backend's decoder cannot hide behind the same mistake in the kit's.
 *
 * @param weight the bytes, at an odd offset in memory, as a file may have them
 * @param values {@code [elements]}
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
record MadeWeight(Weight weight, double[] values) {
  /**
   * Makes a weight.
   *
   * @param spread standard deviation of the values, roughly
   */
  static MadeWeight random(
      Arena arena, String name, DType dtype, Shape shape, double spread, long seed) {
    return new Maker(dtype, shape, spread, new SplittableRandom(seed)).make(arena, name);
  }

  /** Makes an F32 weight of given values. */
  static MadeWeight of(Arena arena, String name, Shape shape, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes.putFloat((float) values[i]);
      rounded[i] = (float) values[i];
    }
    return new MadeWeight(new Weight(name, DType.F32, shape, place(arena, bytes.array())), rounded);
  }

  private static MemorySegment place(Arena arena, byte[] bytes) {
    int odd = 1;
    MemorySegment segment = arena.allocate(bytes.length + odd, 64).asSlice(odd);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    return segment.asReadOnly();
  }

  /** Draws the fields and writes them. */
  private static final class Maker {
    private final DType dtype;
    private final Shape shape;
    private final double spread;
    private final SplittableRandom random;
    private final ByteBuffer bytes;
    private final double[] values;
    private int next; // element

    Maker(DType dtype, Shape shape, double spread, SplittableRandom random) {
      this.dtype = dtype;
      this.shape = shape;
      this.spread = spread;
      this.random = random;
      this.bytes =
          ByteBuffer.allocate(Math.toIntExact(dtype.bytes(shape))).order(ByteOrder.LITTLE_ENDIAN);
      this.values = new double[Math.toIntExact(shape.elements())];
    }

    MadeWeight make(Arena arena, String name) {
      while (next < values.length) {
        switch (dtype) {
          case F32 -> {
            float value = (float) gaussian();
            bytes.putFloat(value);
            values[next++] = value;
          }
          case F16 -> values[next++] = putHalf(gaussian());
          case BF16 -> {
            int bits = Float.floatToRawIntBits((float) gaussian()) >>> 16;
            bytes.putShort((short) bits);
            values[next++] = Float.intBitsToFloat(bits << 16);
          }
          case Q8_0 -> eightBits();
          case Q4_0 -> plainBlock(4, false);
          case Q4_1 -> plainBlock(4, true);
          case Q5_0 -> plainBlock(5, false);
          case Q5_1 -> plainBlock(5, true);
          case Q4_K -> superBlock(4);
          case Q5_K -> superBlock(5);
          case Q6_K -> sixBits();
          case I8, U8, I16, I32, I64, F64, BOOL -> {
            bytes.put(new byte[bytes.remaining()]);
            next = values.length; // never a weight: only its refusal is of interest
          }
        }
      }
      return new MadeWeight(new Weight(name, dtype, shape, place(arena, bytes.array())), values);
    }

    private void eightBits() {
      double d = putHalf(spread / 64 * scatter());
      for (int j = 0; j < 32; j++) {
        int q = random.nextInt(-128, 128);
        bytes.put((byte) q);
        values[next++] = d * q;
      }
    }

    /** Q4_0, Q4_1, Q5_0, Q5_1: blocks of 32 with one scale. */
    private void plainBlock(int bits, boolean withMin) {
      int levels = 1 << bits;
      double d = putHalf(spread / (levels / 4.0) * scatter());
      double offset = withMin ? putHalf(-2 * spread * scatter()) : -levels / 2 * d;
      int[] q = random.ints(32, 0, levels).toArray();
      if (bits == 5) {
        int fifth = 0;
        for (int j = 0; j < 32; j++) {
          fifth |= (q[j] >> 4) << j;
        }
        bytes.putInt(fifth);
      }
      for (int j = 0; j < 16; j++) {
        bytes.put((byte) (q[j] & 15 | (q[j + 16] & 15) << 4));
      }
      for (int j = 0; j < 32; j++) {
        values[next++] = d * q[j] + offset;
      }
    }

    /** Q4_K and Q5_K: 8 sub-blocks of 32, each with a 6-bit scale and a 6-bit min. */
    private void superBlock(int bits) {
      int levels = 1 << bits;
      double d = putHalf(spread / (levels / 4.0) / 32 * scatter());
      double dmin = putHalf(spread / 16 * scatter());
      int[] scale = random.ints(8, 0, 64).toArray();
      int[] min = random.ints(8, 0, 64).toArray();
      for (int j = 0; j < 4; j++) {
        bytes.put((byte) (scale[j] | (scale[j + 4] >> 4) << 6));
      }
      for (int j = 0; j < 4; j++) {
        bytes.put((byte) (min[j] | (min[j + 4] >> 4) << 6));
      }
      for (int j = 0; j < 4; j++) {
        bytes.put((byte) (scale[j + 4] & 15 | (min[j + 4] & 15) << 4));
      }
      int[] q = random.ints(256, 0, levels).toArray();
      if (bits == 5) {
        for (int j = 0; j < 32; j++) {
          int fifth = 0;
          for (int sub = 0; sub < 8; sub++) {
            fifth |= (q[sub * 32 + j] >> 4) << sub;
          }
          bytes.put((byte) fifth);
        }
      }
      for (int pair = 0; pair < 4; pair++) {
        for (int j = 0; j < 32; j++) {
          bytes.put((byte) (q[pair * 64 + j] & 15 | (q[pair * 64 + 32 + j] & 15) << 4));
        }
      }
      for (int e = 0; e < 256; e++) {
        values[next++] = d * scale[e / 32] * q[e] - dmin * min[e / 32];
      }
    }

    /** Q6_K: 16 sub-blocks of 16 with signed 8-bit scales. */
    private void sixBits() {
      int[] q = random.ints(256, 0, 64).toArray();
      int[] scale = random.ints(16, -128, 128).toArray();
      for (int half = 0; half < 256; half += 128) {
        for (int j = 0; j < 64; j++) {
          bytes.put((byte) (q[half + j] & 15 | (q[half + 64 + j] & 15) << 4));
        }
      }
      for (int half = 0; half < 256; half += 128) {
        for (int j = 0; j < 32; j++) {
          int pairs = 0;
          for (int quarter = 0; quarter < 4; quarter++) {
            pairs |= (q[half + quarter * 32 + j] >> 4) << (2 * quarter);
          }
          bytes.put((byte) pairs);
        }
      }
      for (int s : scale) {
        bytes.put((byte) s);
      }
      double d = putHalf(spread / 18 / 74 * scatter());
      for (int e = 0; e < 256; e++) {
        values[next++] = d * scale[e / 16] * (q[e] - 32);
      }
    }

    private double putHalf(double value) {
      short bits = Float.floatToFloat16((float) value);
      bytes.putShort(bits);
      return Float.float16ToFloat(bits);
    }

    private double gaussian() {
      return random.nextGaussian() * spread;
    }

    /** Scales differ from block to block. */
    private double scatter() {
      return random.nextDouble(0.5, 1.5);
    }
  }
}
