package io.tutti.model.quant;

import java.nio.ByteBuffer;

/**
 * The blocks of 32 values: {@code Q8_0}, {@code Q4_0}, {@code Q4_1}, {@code Q5_0}, {@code Q5_1}.
 *
 * <p>Each {@code pack} reads 32 values from {@code x[at]} on and appends one block; each {@code
 * unpack} reads one block and writes 32 values.
 */
final class Blocks32 {
  private static final int SIZE = 32;
  private static final int HALF = 16;

  private Blocks32() {}

  static void packQ8_0(float[] x, int at, ByteBuffer out) {
    float d = Math.abs(x[at + farthest(x, at)]) / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    out.putShort(Float.floatToFloat16(d));
    for (int i = 0; i < SIZE; i++) {
      out.put((byte) roundHalfAway(x[at + i] * inverse));
    }
  }

  static void unpackQ8_0(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    for (int i = 0; i < SIZE; i++) {
      y[at + i] = d * in.get();
    }
  }

  static void packQ4_0(float[] x, int at, ByteBuffer out) {
    int[] q = symmetric(x, at, 8, out);
    putNibbles(q, out);
  }

  static void unpackQ4_0(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    int[] q = nibbles(in);
    for (int i = 0; i < SIZE; i++) {
      y[at + i] = d * (q[i] - 8);
    }
  }

  static void packQ4_1(float[] x, int at, ByteBuffer out) {
    putNibbles(affine(x, at, 15, out), out);
  }

  static void unpackQ4_1(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    float m = Float.float16ToFloat(in.getShort());
    int[] q = nibbles(in);
    for (int i = 0; i < SIZE; i++) {
      y[at + i] = d * q[i] + m;
    }
  }

  static void packQ5_0(float[] x, int at, ByteBuffer out) {
    int[] q = symmetric(x, at, 16, out);
    putFifthBits(q, out);
    putNibbles(q, out);
  }

  static void unpackQ5_0(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    int fifths = in.getInt();
    int[] q = nibbles(in);
    for (int i = 0; i < SIZE; i++) {
      y[at + i] = d * ((q[i] | ((fifths >>> i) & 1) << 4) - 16);
    }
  }

  static void packQ5_1(float[] x, int at, ByteBuffer out) {
    int[] q = affine(x, at, 31, out);
    putFifthBits(q, out);
    putNibbles(q, out);
  }

  static void unpackQ5_1(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    float m = Float.float16ToFloat(in.getShort());
    int fifths = in.getInt();
    int[] q = nibbles(in);
    for (int i = 0; i < SIZE; i++) {
      y[at + i] = d * (q[i] | ((fifths >>> i) & 1) << 4) + m;
    }
  }

  /** Puts d and returns {@code x / d + offset}; d makes the farthest value {@code -offset}. */
  private static int[] symmetric(float[] x, int at, int offset, ByteBuffer out) {
    float d = x[at + farthest(x, at)] / -offset;
    float inverse = d == 0 ? 0 : 1 / d;
    out.putShort(Float.floatToFloat16(d));
    int[] q = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      q[i] = Math.clamp((long) (x[at + i] * inverse + (offset + 0.5f)), 0, 2 * offset - 1);
    }
    return q;
  }

  /** Puts d and the minimum m and returns {@code (x - m) / d}, which spans {@code 0..levels}. */
  private static int[] affine(float[] x, int at, int levels, ByteBuffer out) {
    float min = x[at];
    float max = x[at];
    for (int i = 1; i < SIZE; i++) {
      min = Math.min(min, x[at + i]);
      max = Math.max(max, x[at + i]);
    }
    float d = (max - min) / levels;
    float inverse = d == 0 ? 0 : 1 / d;
    out.putShort(Float.floatToFloat16(d)).putShort(Float.floatToFloat16(min));
    int[] q = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      q[i] = Math.clamp((long) ((x[at + i] - min) * inverse + 0.5f), 0, levels);
    }
    return q;
  }

  /** Index of the value farthest from 0; the first of several. */
  private static int farthest(float[] x, int at) {
    int farthest = 0;
    for (int i = 1; i < SIZE; i++) {
      if (Math.abs(x[at + i]) > Math.abs(x[at + farthest])) {
        farthest = i;
      }
    }
    return farthest;
  }

  private static void putNibbles(int[] q, ByteBuffer out) {
    for (int i = 0; i < HALF; i++) {
      out.put((byte) ((q[i] & 15) | (q[i + HALF] & 15) << 4));
    }
  }

  private static int[] nibbles(ByteBuffer in) {
    int[] q = new int[SIZE];
    for (int i = 0; i < HALF; i++) {
      int pair = in.get();
      q[i] = pair & 15;
      q[i + HALF] = (pair >> 4) & 15;
    }
    return q;
  }

  private static void putFifthBits(int[] q, ByteBuffer out) {
    int bits = 0;
    for (int i = 0; i < SIZE; i++) {
      bits |= (q[i] >> 4 & 1) << i;
    }
    out.putInt(bits);
  }

  /** C's {@code roundf}: halves away from zero. */
  static int roundHalfAway(float value) {
    return value < 0 ? -(int) (0.5 - value) : (int) (value + 0.5);
  }
}
