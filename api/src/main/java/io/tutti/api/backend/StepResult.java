package io.tutti.api.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * Logits and taps of one step: views of the model's buffers, valid until its next step or its
 * close.
 *
 * @param rows rows of logits: those of the first entry, then of the second, and so on, each in the
 *     order of the tokens
 * @param vocabSize width of a row
 * @param logits {@code [rows, vocabSize]}, f32, native byte order; may be longer
 * @param taps by node name: {@code [tokens, width]}, f32, all tokens of the batch in order; the
 *     head's has the shape of the logits
 */
public record StepResult(
    int rows, int vocabSize, MemorySegment logits, Map<String, MemorySegment> taps) {
  /** Copies the map and validates the size. */
  public StepResult {
    taps = Map.copyOf(taps);
    if (logits.byteSize() < (long) rows * vocabSize * Float.BYTES) {
      throw new IllegalArgumentException(
          "logits: "
              + logits.byteSize()
              + " bytes (expected: ["
              + rows
              + ", "
              + vocabSize
              + "] f32)");
    }
  }

  /**
   * Copies a row of logits.
   *
   * @param row from 0
   * @param into {@code [vocabSize]}, or longer
   */
  public void copyRow(int row, float[] into) {
    MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT_UNALIGNED, offset(row), into, 0, vocabSize);
  }

  /** A row of logits as a view. */
  public MemorySegment row(int row) {
    return logits.asSlice(offset(row), (long) vocabSize * Float.BYTES);
  }

  /**
   * A tap as an array of its own: {@code [tokens, width]}.
   *
   * @throws IllegalArgumentException if the tap was not asked for
   */
  public float[] tap(String node) {
    MemorySegment segment = taps.get(node);
    if (segment == null) {
      throw new IllegalArgumentException(
          "tap: " + node + " (expected: one of " + taps.keySet() + ")");
    }
    return segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  private long offset(int row) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("row: " + row + " (expected: 0.." + (rows - 1) + ")");
    }
    return (long) row * vocabSize * Float.BYTES;
  }
}
