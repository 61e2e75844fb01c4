package io.tutti.model.ingest;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Reads borrowed memory as a stream, without copying it as a whole. */
public final class SegmentInputStream extends InputStream {
  private final MemorySegment segment;
  private long position;

  /** Creates a stream over the whole segment. */
  public SegmentInputStream(MemorySegment segment) {
    this.segment = segment;
  }

  @Override
  public int read() {
    return position < segment.byteSize()
        ? segment.get(ValueLayout.JAVA_BYTE, position++) & 0xff
        : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, segment.byteSize() - position);
    if (count <= 0) {
      return -1;
    }
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, count);
    position += count;
    return count;
  }
}
