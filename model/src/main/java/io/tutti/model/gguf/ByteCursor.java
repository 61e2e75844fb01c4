package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after the other, each bounded by what remains of the file.
 *
 * <p>Goes through a window of bytes on the heap: a GGUF header has some 300,000 strings to step
 * over before anything is compiled, and plain array reads are what the interpreter does fastest.
 */
final class ByteCursor {
  private static final int WINDOW = 1 << 16;

  private final MemorySegment file;
  private final String source;
  private final byte[] window = new byte[WINDOW];
  private long windowStart;
  private int windowLength;
  private int at;

  ByteCursor(MemorySegment file, String source, long position) {
    this.file = file;
    this.source = source;
    this.windowStart = position;
  }

  long position() {
    return windowStart + at;
  }

  long remaining() {
    return file.byteSize() - position();
  }

  int u8(String what) {
    need(1, what);
    return window[at++] & 0xff;
  }

  int i16(String what) {
    need(2, what);
    int value = (window[at] & 0xff) | window[at + 1] << 8;
    at += 2;
    return value;
  }

  int i32(String what) {
    need(4, what);
    int value = int32(at);
    at += 4;
    return value;
  }

  long u32(String what) {
    return Integer.toUnsignedLong(i32(what));
  }

  long i64(String what) {
    need(8, what);
    long value = Integer.toUnsignedLong(int32(at)) | (long) int32(at + 4) << 32;
    at += 8;
    return value;
  }

  /** A length or count that is at most {@code max}, and at most what the rest of the file holds. */
  long count(String what, long max, long bytesEach) {
    long start = position();
    long count = i64(what);
    long most = Math.min(max, remaining() / bytesEach);
    if (count < 0 || count > most) {
      throw wrong(
          what + ": " + Long.toUnsignedString(count) + " (expected: 0.." + most + ")", start);
    }
    return count;
  }

  /** A string of UTF-8. */
  String string(String what, int maxBytes) {
    long start = position();
    int length = (int) count(what + " length", maxBytes, 1);
    byte[] bytes = new byte[length];
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, position(), bytes, 0, length);
    skip(length, what);
    return decode(bytes, 0, length, () -> wrong(what + ": not UTF-8 (expected: UTF-8)", start));
  }

  /** Steps over strings; returns the longest one's length. */
  int skipStrings(long count, String what, int maxBytes) {
    int longest = 0;
    for (long i = 0; i < count; i++) {
      need(8, what);
      long length = Integer.toUnsignedLong(int32(at)) | (long) int32(at + 4) << 32;
      if (length < 0 || length > maxBytes) {
        throw wrong(
            what
                + "["
                + i
                + "] length: "
                + Long.toUnsignedString(length)
                + " (expected: 0.."
                + maxBytes
                + ")",
            position());
      }
      at += 8;
      skip(length, what);
      longest = Math.max(longest, (int) length);
    }
    return longest;
  }

  void skip(long bytes, String what) {
    if (bytes <= windowLength - at) {
      at += (int) bytes;
      return;
    }
    if (bytes < 0 || bytes > remaining()) {
      throw cutOff(what, bytes);
    }
    windowStart = position() + bytes;
    windowLength = 0;
    at = 0;
  }

  CheckpointException wrong(String what, long position) {
    return new CheckpointException(what + ", at byte " + position + " of " + source);
  }

  /** Decodes UTF-8 strictly; the fast path does not look twice at valid text. */
  static String decode(
      byte[] bytes,
      int offset,
      int length,
      java.util.function.Supplier<CheckpointException> malformed) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') < 0) {
      return text;
    }
    try { // either U+FFFD itself was written, or something broken was replaced by it
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed.get();
    }
  }

  private int int32(int index) {
    return (window[index] & 0xff)
        | (window[index + 1] & 0xff) << 8
        | (window[index + 2] & 0xff) << 16
        | window[index + 3] << 24;
  }

  /** Makes the next few bytes readable at {@code at}. */
  private void need(int bytes, String what) {
    if (bytes <= windowLength - at) {
      return;
    }
    if (bytes > remaining()) {
      throw cutOff(what, bytes);
    }
    windowStart = position();
    windowLength = (int) Math.min(WINDOW, file.byteSize() - windowStart);
    at = 0;
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, windowStart, window, 0, windowLength);
  }

  private CheckpointException cutOff(String what, long bytes) {
    return wrong(
        what
            + ": needs "
            + Long.toUnsignedString(bytes)
            + " bytes and "
            + remaining()
            + " remain (expected: within the file; it is cut off or damaged)",
        position());
  }
}
