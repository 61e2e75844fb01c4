package io.tutti.api.weights;

/**
 * Element type or block layout of stored values. All multi-byte fields are little-endian.
 *
 * <p>A block layout packs {@link #blockElements()} consecutive elements of a row into {@link
 * #blockBytes()} bytes; rows hold whole blocks. The layouts are those of ggml ({@code
 * ggml-common.h}), in which {@code d} and {@code m} are f16:
 *
 * <ul>
 *   <li>{@code Q8_0}: d, 32 x i8; w = d q
 *   <li>{@code Q4_0}: d, 16 bytes, element i in the low nibble of byte i, i + 16 in the high one; w
 *       = d (q - 8)
 *   <li>{@code Q4_1}: d, m, nibbles as Q4_0; w = d q + m
 *   <li>{@code Q5_0}: d, u32 of fifth bits, nibbles; w = d (q - 16)
 *   <li>{@code Q5_1}: d, m, u32 of fifth bits, nibbles; w = d q + m
 *   <li>{@code Q4_K}: d, dmin, 12 bytes of 6-bit scales and mins, 128 bytes of nibbles; 8
 *       sub-blocks of 32
 *   <li>{@code Q5_K}: d, dmin, 12 bytes, 32 bytes of fifth bits, 128 bytes of nibbles
 *   <li>{@code Q6_K}: 128 bytes low nibbles, 64 bytes of high bit pairs, 16 x i8 scales, d; 16
 *       sub-blocks of 16
 * </ul>
 */
public enum DType {
  /** IEEE 754 binary32. */
  F32(1, 4),
  /** IEEE 754 binary16. */
  F16(1, 2),
  /** The upper half of a binary32. */
  BF16(1, 2),
  /** 8-bit blocks of 32. */
  Q8_0(32, 34),
  /** 4-bit blocks of 32, symmetric. */
  Q4_0(32, 18),
  /** 4-bit blocks of 32 with a minimum. */
  Q4_1(32, 20),
  /** 5-bit blocks of 32, symmetric. */
  Q5_0(32, 22),
  /** 5-bit blocks of 32 with a minimum. */
  Q5_1(32, 24),
  /** 4-bit super-blocks of 256. */
  Q4_K(256, 144),
  /** 5-bit super-blocks of 256. */
  Q5_K(256, 176),
  /** 6-bit super-blocks of 256. */
  Q6_K(256, 210),
  /** Signed 8-bit integer; never a weight. */
  I8(1, 1),
  /** Unsigned 8-bit integer; never a weight. */
  U8(1, 1),
  /** Signed 16-bit integer; never a weight. */
  I16(1, 2),
  /** Signed 32-bit integer; never a weight. */
  I32(1, 4),
  /** Signed 64-bit integer; never a weight. */
  I64(1, 8),
  /** IEEE 754 binary64; never a weight. */
  F64(1, 8),
  /** One byte, zero or one; never a weight. */
  BOOL(1, 1);

  private final int blockElements;
  private final int blockBytes;

  DType(int blockElements, int blockBytes) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** Elements in a block; 1 for a plain type. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of a block; the element's size for a plain type. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Tells whether this is one of the block layouts. */
  public boolean quantized() {
    return blockElements > 1;
  }

  /** Tells whether a {@code Linear} may have weights of this type. */
  public boolean weightType() {
    return this == F32 || this == F16 || this == BF16 || quantized();
  }

  /**
   * Bytes of a row of {@code elements}.
   *
   * @throws IllegalArgumentException if the row is not a whole number of blocks
   * @throws ArithmeticException if the size leaves the range of a long
   */
  public long rowBytes(long elements) {
    if (elements < 0 || elements % blockElements != 0) {
      throw new IllegalArgumentException(
          this + " row: " + elements + " elements (expected: a multiple of " + blockElements + ")");
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }

  /**
   * Bytes of a tensor of this shape; its last axis is the row.
   *
   * @throws IllegalArgumentException if a row is not a whole number of blocks
   * @throws ArithmeticException if the size leaves the range of a long
   */
  public long bytes(Shape shape) {
    if (shape.rank() == 0) {
      return rowBytes(1);
    }
    long rows = 1;
    for (int i = 0; i < shape.rank() - 1; i++) {
      rows = Math.multiplyExact(rows, shape.dim(i));
    }
    return Math.multiplyExact(rows, rowBytes(shape.dim(shape.rank() - 1)));
  }
}
