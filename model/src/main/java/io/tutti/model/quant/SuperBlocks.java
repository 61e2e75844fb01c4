package io.tutti.model.quant;

import java.nio.ByteBuffer;

/**
 * The super-blocks of 256 values: {@code Q4_K}, {@code Q5_K}, {@code Q6_K}.
 *
 * <p>Each {@code pack} reads 256 values from {@code x[at]} on and appends one super-block; each
 * {@code unpack} reads one and writes 256 values.
 */
final class SuperBlocks {
  private static final int SIZE = 256;
  private static final int SUB = 32; // of Q4_K and Q5_K
  private static final int SUBS = SIZE / SUB;
  private static final int SUB6 = 16; // of Q6_K
  private static final int SUBS6 = SIZE / SUB6;
  private static final int LEVELS6 = 63; // a 6-bit scale or minimum
  private static final int SEARCH = 20;

  private SuperBlocks() {}

  static void packQ4K(float[] x, int at, ByteBuffer out) {
    Affine block = Affine.fit(x, at, 15);
    block.putScales(out);
    putNibbles(block.q, out);
  }

  static void packQ5K(float[] x, int at, ByteBuffer out) {
    Affine block = Affine.fit(x, at, 31);
    block.putScales(out);
    // Byte j holds the fifth bit of the j-th value of each of the 8 sub-blocks.
    for (int j = 0; j < SUB; j++) {
      int bits = 0;
      for (int s = 0; s < SUBS; s++) {
        bits |= (block.q[s * SUB + j] >> 4) << s;
      }
      out.put((byte) bits);
    }
    putNibbles(block.q, out);
  }

  static void unpackQ4K(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    float dmin = Float.float16ToFloat(in.getShort());
    int[][] scales = scales(in);
    int[] q = nibbles(in);
    unpackAffine(d, dmin, scales, q, y, at);
  }

  static void unpackQ5K(ByteBuffer in, float[] y, int at) {
    float d = Float.float16ToFloat(in.getShort());
    float dmin = Float.float16ToFloat(in.getShort());
    int[][] scales = scales(in);
    byte[] fifths = new byte[SUB];
    in.get(fifths);
    int[] q = nibbles(in);
    for (int i = 0; i < SIZE; i++) {
      q[i] |= ((fifths[i % SUB] >> (i / SUB)) & 1) << 4;
    }
    unpackAffine(d, dmin, scales, q, y, at);
  }

  static void packQ6K(float[] x, int at, ByteBuffer out) {
    float[] scale = new float[SUBS6];
    float farthest = 0;
    for (int s = 0; s < SUBS6; s++) {
      scale[s] = symmetricScale(x, at + s * SUB6);
      farthest = Math.abs(scale[s]) > Math.abs(farthest) ? scale[s] : farthest;
    }
    float d = Float.float16ToFloat(Float.floatToFloat16(farthest / -128));
    byte[] scales = new byte[SUBS6];
    int[] q = new int[SIZE];
    for (int s = 0; s < SUBS6; s++) {
      scales[s] = (byte) (d == 0 ? 0 : Math.clamp(Blocks32.roundHalfAway(scale[s] / d), -128, 127));
      float step = d * scales[s];
      for (int i = s * SUB6; i < (s + 1) * SUB6; i++) {
        int level = step == 0 ? 0 : Math.clamp(Math.round(x[at + i] / step), -32, 31);
        q[i] = level + 32;
      }
    }
    putSixBits(q, out);
    out.put(scales).putShort(Float.floatToFloat16(d));
  }

  static void unpackQ6K(ByteBuffer in, float[] y, int at) {
    byte[] low = new byte[SIZE / 2];
    byte[] high = new byte[SIZE / 4];
    byte[] scales = new byte[SUBS6];
    in.get(low).get(high).get(scales);
    float d = Float.float16ToFloat(in.getShort());
    for (int i = 0; i < SIZE; i++) {
      int half = i / 128; // 64 bytes of low and 32 of high each
      int row = i / 32 % 4;
      int column = i % 32;
      int nibble = low[half * 64 + row % 2 * 32 + column] >> (row / 2 * 4) & 15;
      int pair = high[half * 32 + column] >> (row * 2) & 3;
      y[at + i] = d * scales[i / SUB6] * ((nibble | pair << 4) - 32);
    }
  }

  private static void putSixBits(int[] q, ByteBuffer out) {
    byte[] low = new byte[SIZE / 2];
    byte[] high = new byte[SIZE / 4];
    for (int i = 0; i < SIZE; i++) {
      int half = i / 128;
      int row = i / 32 % 4;
      int column = i % 32;
      low[half * 64 + row % 2 * 32 + column] |= (byte) ((q[i] & 15) << (row / 2 * 4));
      high[half * 32 + column] |= (byte) ((q[i] >> 4) << (row * 2));
    }
    out.put(low).put(high);
  }

  /** The step of 16 values in levels -32..31 with the least squared error of those tried. */
  private static float symmetricScale(float[] x, int at) {
    float farthest = 0;
    for (int i = 0; i < SUB6; i++) {
      farthest = Math.abs(x[at + i]) > Math.abs(farthest) ? x[at + i] : farthest;
    }
    if (farthest == 0) {
      return 0;
    }
    double best = Double.MAX_VALUE;
    float scale = 0;
    for (int trial = -SEARCH / 2; trial <= SEARCH / 2; trial++) {
      double inverse = -(32 + 0.1 * trial) / farthest;
      double xq = 0;
      double qq = 0;
      for (int i = 0; i < SUB6; i++) {
        long q = Math.clamp(Math.round(x[at + i] * inverse), -32, 31);
        xq += x[at + i] * q;
        qq += (double) q * q;
      }
      float candidate = (float) (qq == 0 ? 1 / inverse : xq / qq);
      double error = 0;
      for (int i = 0; i < SUB6; i++) {
        long q = Math.clamp(Math.round(x[at + i] * inverse), -32, 31);
        error += Math.pow(x[at + i] - (double) candidate * q, 2);
      }
      if (error < best) {
        best = error;
        scale = candidate;
      }
    }
    return scale;
  }

  /** Bytes of nibbles: 32 bytes hold two sub-blocks, the first in the low halves. */
  private static void putNibbles(int[] q, ByteBuffer out) {
    for (int pair = 0; pair < SIZE; pair += 2 * SUB) {
      for (int i = 0; i < SUB; i++) {
        out.put((byte) ((q[pair + i] & 15) | (q[pair + SUB + i] & 15) << 4));
      }
    }
  }

  private static int[] nibbles(ByteBuffer in) {
    int[] q = new int[SIZE];
    for (int pair = 0; pair < SIZE; pair += 2 * SUB) {
      for (int i = 0; i < SUB; i++) {
        int both = in.get();
        q[pair + i] = both & 15;
        q[pair + SUB + i] = (both >> 4) & 15;
      }
    }
    return q;
  }

  /** Reads 12 bytes: the 6-bit scales {@code [0]} and minima {@code [1]} of the 8 sub-blocks. */
  private static int[][] scales(ByteBuffer in) {
    byte[] b = new byte[12];
    in.get(b);
    int[][] scales = new int[2][SUBS];
    for (int s = 0; s < 4; s++) {
      scales[0][s] = b[s] & 63;
      scales[1][s] = b[s + 4] & 63;
      scales[0][s + 4] = (b[s + 8] & 15) | (b[s] >> 6 & 3) << 4;
      scales[1][s + 4] = (b[s + 8] >> 4 & 15) | (b[s + 4] >> 6 & 3) << 4;
    }
    return scales;
  }

  private static void unpackAffine(
      float d, float dmin, int[][] scales, int[] q, float[] y, int at) {
    for (int i = 0; i < SIZE; i++) {
      float scale = d * scales[0][i / SUB];
      float min = dmin * scales[1][i / SUB];
      y[at + i] = scale * q[i] - min;
    }
  }

  /** Sub-blocks of 32 as {@code scale q - min} with {@code min >= 0}, scales in 6 bits. */
  private static final class Affine {
    final int[] q = new int[SIZE];
    final int[] scales = new int[SUBS];
    final int[] mins = new int[SUBS];
    short d;
    short dmin;

    static Affine fit(float[] x, int at, int levels) {
      Affine block = new Affine();
      float[] scale = new float[SUBS];
      float[] min = new float[SUBS];
      float maxScale = 0;
      float maxMin = 0;
      for (int s = 0; s < SUBS; s++) {
        float[] line = line(x, at + s * SUB, levels);
        scale[s] = line[0];
        min[s] = line[1];
        maxScale = Math.max(maxScale, scale[s]);
        maxMin = Math.max(maxMin, min[s]);
      }
      block.d = Float.floatToFloat16(maxScale / LEVELS6);
      block.dmin = Float.floatToFloat16(maxMin / LEVELS6);
      float d = Float.float16ToFloat(block.d);
      float dmin = Float.float16ToFloat(block.dmin);
      for (int s = 0; s < SUBS; s++) {
        block.scales[s] = d == 0 ? 0 : Math.clamp(Math.round(scale[s] / d), 0, LEVELS6);
        block.mins[s] = dmin == 0 ? 0 : Math.clamp(Math.round(min[s] / dmin), 0, LEVELS6);
        float step = d * block.scales[s];
        for (int i = s * SUB; i < (s + 1) * SUB; i++) {
          float up = x[at + i] + dmin * block.mins[s];
          block.q[i] = step == 0 ? 0 : Math.clamp(Math.round(up / step), 0, levels);
        }
      }
      return block;
    }

    /** {@code {scale, min}} of 32 values with the least squared error of those tried. */
    private static float[] line(float[] x, int at, int levels) {
      float low = 0; // a minimum is subtracted, never added: values above 0 start at 0
      float high = x[at];
      for (int i = 0; i < SUB; i++) {
        low = Math.min(low, x[at + i]);
        high = Math.max(high, x[at + i]);
      }
      if (high <= low) {
        return new float[] {0, -low};
      }
      float[] best = {0, 0};
      double bestError = Double.MAX_VALUE;
      for (int trial = 0; trial <= SEARCH; trial++) {
        double inverse = (levels - 1 + 0.1 * trial) / (high - low);
        float[] candidate = leastSquares(x, at, low, inverse, levels);
        double error = 0;
        for (int i = 0; i < SUB; i++) {
          long q = Math.clamp(Math.round((x[at + i] + candidate[1]) / candidate[0]), 0, levels);
          error += Math.pow(candidate[0] * (double) q - candidate[1] - x[at + i], 2);
        }
        if (error < bestError) {
          bestError = error;
          best = candidate;
        }
      }
      return best;
    }

    /** The line through the levels that {@code (x - low) * inverse} rounds to. */
    private static float[] leastSquares(float[] x, int at, float low, double inverse, int levels) {
      double sumQ = 0;
      double sumQq = 0;
      double sumX = 0;
      double sumXq = 0;
      for (int i = 0; i < SUB; i++) {
        long q = Math.clamp(Math.round((x[at + i] - low) * inverse), 0, levels);
        sumQ += q;
        sumQq += (double) q * q;
        sumX += x[at + i];
        sumXq += x[at + i] * (double) q;
      }
      double determinant = SUB * sumQq - sumQ * sumQ;
      double scale = determinant <= 0 ? 0 : (SUB * sumXq - sumX * sumQ) / determinant;
      double min = determinant <= 0 ? 0 : (sumQ * sumXq - sumQq * sumX) / determinant;
      if (min < 0) { // cannot be stored: the best line through the origin instead
        min = 0;
        scale = sumXq / sumQq;
      }
      return scale > 0
          ? new float[] {(float) scale, (float) min}
          : new float[] {(float) (1 / inverse), -low};
    }

    void putScales(ByteBuffer out) {
      out.putShort(d).putShort(dmin);
      byte[] b = new byte[12];
      for (int s = 0; s < 4; s++) {
        b[s] = (byte) (scales[s] | (scales[s + 4] >> 4) << 6);
        b[s + 4] = (byte) (mins[s] | (mins[s + 4] >> 4) << 6);
        b[s + 8] = (byte) ((scales[s + 4] & 15) | (mins[s + 4] & 15) << 4);
      }
      out.put(b);
    }
  }
}
