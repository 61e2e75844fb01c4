package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;

/** A value of GGUF metadata. Arrays stay in the mapped file until they are asked for. */
public sealed interface GgufValue {
  /** An integer of any width; unsigned 64-bit values above 2^63 - 1 are refused on reading. */
  record Int(long value) implements GgufValue {}

  /** A float of either width. */
  record Real(double value) implements GgufValue {}

  /** A Boolean. */
  record Flag(boolean value) implements GgufValue {}

  /** A string. */
  record Text(String value) implements GgufValue {}

  /**
   * An array of strings.
   *
   * @param key its key, for messages
   * @param source file, for messages
   * @param data its elements as they are in the file
   * @param count number of elements
   * @param longest bytes of the longest element
   */
  record Texts(String key, String source, MemorySegment data, int count, int longest)
      implements GgufValue {
    /**
     * Decodes the elements.
     *
     * @throws CheckpointException if one is not UTF-8
     */
    public List<String> decode() {
      String[] texts = new String[count];
      // Twice the longest, so that each refill moves on by half a chunk at least.
      byte[] chunk = new byte[Math.max(1 << 16, 2 * (longest + 8))];
      long start = 0; // of the chunk
      int length = 0;
      int at = 0;
      for (int i = 0; i < count; i++) {
        if (length - at < longest + 8 && start + length < data.byteSize()) {
          start += at;
          length = (int) Math.min(chunk.length, data.byteSize() - start);
          MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, chunk, 0, length);
          at = 0;
        }
        int bytes = // lengths were checked when the file was opened, so the low half is all
            (chunk[at] & 0xff)
                | (chunk[at + 1] & 0xff) << 8
                | (chunk[at + 2] & 0xff) << 16
                | chunk[at + 3] << 24;
        int index = i;
        texts[i] =
            ByteCursor.decode(
                chunk,
                at + 8,
                bytes,
                () ->
                    new CheckpointException(
                        key + "[" + index + "]: not UTF-8 (expected: UTF-8), in " + source));
        at += 8 + bytes;
      }
      return Collections.unmodifiableList(java.util.Arrays.asList(texts));
    }
  }

  /**
   * An array of numbers or Booleans.
   *
   * @param elementType GGUF number of the element type
   * @param data its elements as they are in the file
   * @param count number of elements
   */
  record Numbers(int elementType, MemorySegment data, int count) implements GgufValue {
    /** The elements as integers; floats are cut. */
    public int[] toInts() {
      int[] numbers = new int[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (int) (long) at(i).longValue();
      }
      return numbers;
    }

    /** The elements: {@link Long}, {@link Double}, or 0 and 1. */
    public List<Number> toList() {
      return new NumberList(this);
    }

    Number at(int i) {
      return switch (elementType) {
        case GgufType.UINT8 -> (long) (data.get(ValueLayout.JAVA_BYTE, i) & 0xff);
        case GgufType.INT8, GgufType.BOOL -> (long) data.get(ValueLayout.JAVA_BYTE, i);
        case GgufType.UINT16 -> (long) (data.get(LE_SHORT, 2L * i) & 0xffff);
        case GgufType.INT16 -> (long) data.get(LE_SHORT, 2L * i);
        case GgufType.UINT32 -> Integer.toUnsignedLong(data.get(LE_INT, 4L * i));
        case GgufType.INT32 -> (long) data.get(LE_INT, 4L * i);
        case GgufType.FLOAT32 -> (double) Float.intBitsToFloat(data.get(LE_INT, 4L * i));
        case GgufType.FLOAT64 -> Double.longBitsToDouble(data.get(LE_LONG, 8L * i));
        default -> data.get(LE_LONG, 8L * i);
      };
    }

    private static final ValueLayout.OfShort LE_SHORT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE_INT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE_LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final class NumberList extends AbstractList<Number> implements RandomAccess {
      private final Numbers numbers;

      NumberList(Numbers numbers) {
        this.numbers = numbers;
      }

      @Override
      public Number get(int index) {
        return numbers.at(java.util.Objects.checkIndex(index, numbers.count()));
      }

      @Override
      public int size() {
        return numbers.count();
      }
    }
  }

  /**
   * An array of arrays: checked and stepped over, because no Qwen2 field is one.
   *
   * @param count number of elements
   */
  record Nested(int count) implements GgufValue {}
}
