package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.model.ingest.IngestLimits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The front of a GGUF file: metadata and tensor directory, with every length, count and offset
 * checked against the file before anything is allocated.
 *
 * @param version 2 or 3
 * @param metadata entries in the order of the file
 * @param tensors tensors in the order of the directory
 * @param dataOffset first byte of the tensors' data in the file
 */
record GgufDirectory(
    int version, Map<String, GgufValue> metadata, List<Tensor> tensors, long dataOffset) {
  private static final int MAX_RANK = 4;
  private static final int MAX_NAME = 1024;
  private static final int MAX_KEY = 65_535;
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final long MAX_ALIGNMENT = 1 << 20;

  /**
   * A tensor of the directory.
   *
   * @param shape row-major: the file's extents in reverse
   * @param type ggml's number of its type
   * @param offset first byte, counted from the start of the data
   */
  record Tensor(String name, Shape shape, int type, long offset) {
    Optional<DType> dtype() {
      return GgmlType.dtype(type);
    }
  }

  static GgufDirectory read(MemorySegment file, String source, IngestLimits limits) {
    return new Parse(file, source, limits).read();
  }

  /** One pass over the front of the file. */
  private static final class Parse {
    final MemorySegment file;
    final String source;
    final IngestLimits limits;
    final ByteCursor in;

    Parse(MemorySegment file, String source, IngestLimits limits) {
      this.file = file;
      this.source = source;
      this.limits = limits;
      this.in = new ByteCursor(file, source, 0);
    }

    GgufDirectory read() {
      int version = version();
      // A tensor takes at least 8 + 1 + 4 + 8 + 4 + 8 bytes, an entry at least 8 + 1 + 4 + 1.
      int tensorCount = (int) in.count("tensor count", limits.tensors(), 33);
      int entryCount = (int) in.count("metadata count", limits.metadataEntries(), 14);
      Map<String, GgufValue> metadata = new LinkedHashMap<>();
      for (int i = 0; i < entryCount; i++) {
        long at = in.position();
        String key = in.string("metadata key " + i, MAX_KEY);
        GgufValue value = value(key, in.i32(key + " type"));
        if (key.isEmpty() || metadata.put(key, value) != null) {
          throw in.wrong("metadata key \"" + key + "\" (expected: not empty, each key once)", at);
        }
      }
      List<Tensor> tensors = new ArrayList<>(tensorCount);
      Set<String> names = new HashSet<>();
      for (int i = 0; i < tensorCount; i++) {
        long at = in.position();
        Tensor tensor = tensor(i);
        if (!names.add(tensor.name())) {
          throw in.wrong("tensor " + tensor.name() + " (expected: each name once)", at);
        }
        tensors.add(tensor);
      }
      long alignment = alignment(metadata);
      long dataOffset = alignUp(in.position(), alignment);
      requireWithinFile(tensors, alignment, dataOffset);
      return new GgufDirectory(version, metadata, List.copyOf(tensors), dataOffset);
    }

    private int version() {
      if (file.byteSize() < 24) {
        throw new CheckpointException(
            source + ": " + file.byteSize() + " bytes (expected: a GGUF file, 24 at least)");
      }
      if (in.i32("magic") != ('G' | 'G' << 8 | 'U' << 16 | 'F' << 24)) {
        byte[] found = file.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE);
        throw in.wrong(
            "magic "
                + java.util.HexFormat.of().formatHex(found)
                + " (expected: 47475546, \"GGUF\"); this is another kind of file",
            0);
      }
      int version = in.i32("version");
      if (version != 2 && version != 3) {
        boolean swapped = Integer.reverseBytes(version) > 0 && Integer.reverseBytes(version) < 16;
        throw in.wrong(
            swapped
                ? "a big-endian GGUF file (expected: little-endian; convert it)"
                : "GGUF version "
                    + Integer.toUnsignedString(version)
                    + " (expected: 2 or 3; convert the file with a current tool)",
            4);
      }
      return version;
    }

    private GgufValue value(String key, int type) {
      long at = in.position();
      return switch (type) {
        case GgufType.UINT8 -> new GgufValue.Int(in.u8(key));
        case GgufType.INT8 -> new GgufValue.Int((byte) in.u8(key));
        case GgufType.UINT16 -> new GgufValue.Int(in.i16(key) & 0xffff);
        case GgufType.INT16 -> new GgufValue.Int((short) in.i16(key));
        case GgufType.UINT32 -> new GgufValue.Int(in.u32(key));
        case GgufType.INT32 -> new GgufValue.Int(in.i32(key));
        case GgufType.FLOAT32 -> new GgufValue.Real(Float.intBitsToFloat(in.i32(key)));
        case GgufType.FLOAT64 -> new GgufValue.Real(Double.longBitsToDouble(in.i64(key)));
        case GgufType.BOOL -> {
          int flag = in.u8(key);
          if (flag > 1) {
            throw in.wrong(key + ": " + flag + " (expected: a Boolean, 0 or 1)", at);
          }
          yield new GgufValue.Flag(flag == 1);
        }
        case GgufType.STRING -> new GgufValue.Text(in.string(key, limits.stringBytes()));
        case GgufType.ARRAY -> array(key, 1);
        case GgufType.UINT64 -> {
          long value = in.i64(key);
          if (value < 0) {
            throw in.wrong(
                key + ": " + Long.toUnsignedString(value) + " (expected: at most 2^63 - 1)", at);
          }
          yield new GgufValue.Int(value);
        }
        case GgufType.INT64 -> new GgufValue.Int(in.i64(key));
        default -> throw badType(key, type, at);
      };
    }

    private GgufValue array(String key, int depth) {
      long at = in.position();
      int type = in.i32(key + " element type");
      int bytes = GgufType.minBytes(type);
      if (bytes == 0) {
        throw badType(key, type, at);
      }
      int count = (int) in.count(key + " count", Integer.MAX_VALUE - 8, bytes);
      long start = in.position();
      if (type == GgufType.STRING) {
        int longest = in.skipStrings(count, key, limits.stringBytes());
        return new GgufValue.Texts(
            key, source, file.asSlice(start, in.position() - start), count, longest);
      }
      if (type == GgufType.ARRAY) {
        if (depth == limits.arrayDepth()) {
          throw in.wrong(
              key + ": arrays nested deeper than " + depth + " (expected: at most that)", at);
        }
        for (int i = 0; i < count; i++) {
          array(key, depth + 1);
        }
        return new GgufValue.Nested(count);
      }
      in.skip((long) count * bytes, key);
      return new GgufValue.Numbers(type, file.asSlice(start, (long) count * bytes), count);
    }

    private CheckpointException badType(String key, int type, long at) {
      return in.wrong(
          key + ": value type " + Integer.toUnsignedString(type) + " (expected: 0..12)", at);
    }

    private Tensor tensor(int index) {
      long at = in.position();
      String name = in.string("name of tensor " + index, MAX_NAME);
      int rank = in.i32(name + " rank");
      if (name.isEmpty() || rank < 1 || rank > MAX_RANK) {
        throw in.wrong(
            "tensor \""
                + name
                + "\": "
                + Integer.toUnsignedString(rank)
                + " axes (expected: a name, and 1.."
                + MAX_RANK
                + " axes)",
            at);
      }
      long[] dims = new long[rank];
      for (int i = rank - 1; i >= 0; i--) { // the file names the contiguous axis first
        dims[i] = in.i64(name + " extent");
        if (dims[i] < 1) {
          throw in.wrong(
              "tensor "
                  + name
                  + ": extent "
                  + Long.toUnsignedString(dims[i])
                  + " (expected: 1..2^63 - 1)",
              at);
        }
      }
      int type = in.i32(name + " type");
      long offset = in.i64(name + " offset");
      try {
        return new Tensor(name, Shape.of(dims), type, offset);
      } catch (ArithmeticException e) {
        throw in.wrong("tensor " + name + ": more than 2^63 - 1 elements", at);
      }
    }

    private long alignment(Map<String, GgufValue> metadata) {
      return switch (metadata.get("general.alignment")) {
        case null -> DEFAULT_ALIGNMENT;
        case GgufValue.Int(long value)
            when value >= 1 && value <= MAX_ALIGNMENT && Long.bitCount(value) == 1 ->
            value;
        case GgufValue other ->
            throw new CheckpointException(
                "general.alignment: "
                    + other
                    + " (expected: a power of two, at most "
                    + MAX_ALIGNMENT
                    + "), in "
                    + source);
      };
    }

    private void requireWithinFile(List<Tensor> tensors, long alignment, long dataOffset) {
      long dataBytes = file.byteSize() - dataOffset; // negative where the padding is cut off
      List<Tensor> sorted = new ArrayList<>(tensors);
      sorted.sort(Comparator.comparingLong(Tensor::offset));
      long end = 0;
      for (Tensor tensor : sorted) {
        if (tensor.offset() < 0 || tensor.offset() % alignment != 0) {
          throw wrong(
              tensor,
              "offset "
                  + Long.toUnsignedString(tensor.offset())
                  + " (expected: a multiple of "
                  + alignment
                  + ")");
        }
        if (tensor.offset() < end) {
          throw wrong(
              tensor,
              "offset "
                  + tensor.offset()
                  + " (expected: "
                  + end
                  + " at least, it overlaps"
                  + " the one before)");
        }
        long bytes = bytes(tensor);
        if (tensor.offset() > dataBytes || bytes > dataBytes - tensor.offset()) {
          throw wrong(
              tensor,
              bytes
                  + " bytes at offset "
                  + tensor.offset()
                  + " (expected: within the "
                  + Math.max(0, dataBytes)
                  + " bytes of data; the file is cut off or damaged)");
        }
        end = tensor.offset() + bytes;
      }
    }

    /** Bytes of a tensor; of one whose type we do not read, the least it can have. */
    private long bytes(Tensor tensor) {
      try {
        Optional<DType> dtype = tensor.dtype();
        return dtype.isPresent() ? dtype.get().bytes(tensor.shape()) : 1;
      } catch (ArithmeticException | IllegalArgumentException e) {
        throw wrong(tensor, e.getMessage());
      }
    }

    private CheckpointException wrong(Tensor tensor, String what) {
      return new CheckpointException(
          "tensor "
              + tensor.name()
              + " "
              + GgmlType.name(tensor.type())
              + " "
              + tensor.shape()
              + ": "
              + what
              + ", in "
              + source);
    }
  }

  /** Rounds up to a multiple of a power of two. */
  static long alignUp(long value, long alignment) {
    return Math.addExact(value, alignment - 1) & -alignment;
  }
}
