package io.tutti.model.gguf;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a GGUF file of version 3: metadata and tensors are added, then the file is written in one
 * go. Not safe for use by several threads.
 *
 * <p>Segments and arrays that are added are borrowed until {@link #write}.
 */
public final class GgufWriter {
  private static final int ALIGNMENT = 32;
  private static final int CHUNK = 1 << 20;

  private final Map<String, byte[]> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private record Tensor(DType dtype, Shape shape, Supplier<MemorySegment> data) {}

  /** Adds a string. */
  public GgufWriter put(String key, String value) {
    return entry(key, new Bytes().int32(GgufType.STRING).string(value));
  }

  /** Adds an unsigned 32-bit integer. */
  public GgufWriter put(String key, int value) {
    return entry(key, new Bytes().int32(GgufType.UINT32).int32(value));
  }

  /** Adds a 32-bit float. */
  public GgufWriter put(String key, float value) {
    return entry(key, new Bytes().int32(GgufType.FLOAT32).int32(Float.floatToRawIntBits(value)));
  }

  /** Adds a Boolean. */
  public GgufWriter put(String key, boolean value) {
    return entry(key, new Bytes().int32(GgufType.BOOL).int8(value ? 1 : 0));
  }

  /** Adds an array of strings. */
  public GgufWriter put(String key, List<String> values) {
    Bytes bytes = new Bytes().int32(GgufType.ARRAY).int32(GgufType.STRING).int64(values.size());
    values.forEach(bytes::string);
    return entry(key, bytes);
  }

  /** Adds an array of signed 32-bit integers. */
  public GgufWriter put(String key, int[] values) {
    Bytes bytes = new Bytes().int32(GgufType.ARRAY).int32(GgufType.INT32).int64(values.length);
    for (int value : values) {
      bytes.int32(value);
    }
    return entry(key, bytes);
  }

  /**
   * Copies all metadata of another file, arrays included, but not {@code general.alignment}, which
   * is this writer's own.
   *
   * @throws IllegalArgumentException for an array of arrays, or a key that is there already
   */
  public GgufWriter putAll(Map<String, GgufValue> values) {
    values.forEach(
        (key, value) -> {
          if (!key.equals("general.alignment")) {
            entry(key, bytes(key, value));
          }
        });
    return this;
  }

  private static Bytes bytes(String key, GgufValue value) {
    return switch (value) {
      case GgufValue.Int(long number) when number >= 0 && number <= 0xffff_ffffL ->
          new Bytes().int32(GgufType.UINT32).int32((int) number);
      case GgufValue.Int(long number) -> new Bytes().int32(GgufType.INT64).int64(number);
      case GgufValue.Real(double number) when (float) number == number ->
          new Bytes().int32(GgufType.FLOAT32).int32(Float.floatToRawIntBits((float) number));
      case GgufValue.Real(double number) ->
          new Bytes().int32(GgufType.FLOAT64).int64(Double.doubleToRawLongBits(number));
      case GgufValue.Flag(boolean flag) -> new Bytes().int32(GgufType.BOOL).int8(flag ? 1 : 0);
      case GgufValue.Text(String text) -> new Bytes().int32(GgufType.STRING).string(text);
      case GgufValue.Texts texts ->
          new Bytes()
              .int32(GgufType.ARRAY)
              .int32(GgufType.STRING)
              .int64(texts.count())
              .raw(texts.data());
      case GgufValue.Numbers numbers ->
          new Bytes()
              .int32(GgufType.ARRAY)
              .int32(numbers.elementType())
              .int64(numbers.count())
              .raw(numbers.data());
      case GgufValue.Nested nested ->
          throw new IllegalArgumentException(key + ": an array of arrays (expected: none)");
    };
  }

  /**
   * Adds a tensor of bytes that are already in the layout of its type.
   *
   * @param shape row-major, {@code [out, in]}; the file gets the extents in reverse
   * @throws IllegalArgumentException if the name is taken, or the size does not fit
   */
  public GgufWriter add(String name, DType dtype, Shape shape, MemorySegment data) {
    return add(name, dtype, shape, () -> data);
  }

  /**
   * Adds a tensor whose bytes are made when it is written, so that a file larger than memory can be
   * converted tensor by tensor.
   *
   * @param data makes {@code dtype.bytes(shape)} bytes; called once, by {@link #write}
   */
  public GgufWriter add(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {
    GgmlType.number(dtype); // GGUF has no Boolean tensors
    dtype.bytes(shape);
    if (tensors.putIfAbsent(name, new Tensor(dtype, shape, data)) != null) {
      throw new IllegalArgumentException("tensor " + name + " (expected: a name not yet used)");
    }
    return this;
  }

  /** Writes the file, replacing one that is there. */
  public void write(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      pad(channel, ByteBuffer.wrap(front()));
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        Tensor tensor = entry.getValue();
        MemorySegment data = tensor.data().get();
        if (data.byteSize() != tensor.dtype().bytes(tensor.shape())) {
          throw new IllegalArgumentException(
              "tensor "
                  + entry.getKey()
                  + ": "
                  + data.byteSize()
                  + " bytes (expected: "
                  + tensor.dtype().bytes(tensor.shape())
                  + " for "
                  + tensor.dtype()
                  + " "
                  + tensor.shape()
                  + ")");
        }
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
          long length = Math.min(CHUNK, data.byteSize() - at);
          writeFully(
              channel, ByteBuffer.wrap(data.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE)));
        }
        pad(channel, ByteBuffer.allocate(0));
      }
    }
  }

  private byte[] front() {
    Bytes front = new Bytes().int32('G' | 'G' << 8 | 'U' << 16 | 'F' << 24).int32(3);
    front.int64(tensors.size()).int64(metadata.size());
    metadata.forEach((key, value) -> front.string(key).raw(MemorySegment.ofArray(value)));
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Shape shape = entry.getValue().shape();
      front.string(entry.getKey()).int32(shape.rank());
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        front.int64(shape.dim(axis));
      }
      front.int32(GgmlType.number(entry.getValue().dtype())).int64(offset);
      offset = GgufDirectory.alignUp(offset + entry.getValue().dtype().bytes(shape), ALIGNMENT);
    }
    return front.toByteArray();
  }

  private GgufWriter entry(String key, Bytes value) {
    if (metadata.putIfAbsent(key, value.toByteArray()) != null) {
      throw new IllegalArgumentException("metadata key " + key + " (expected: not yet used)");
    }
    return this;
  }

  /** Writes, then fills with zeros up to the alignment. */
  private static void pad(FileChannel channel, ByteBuffer bytes) throws IOException {
    writeFully(channel, bytes);
    long at = channel.position();
    writeFully(channel, ByteBuffer.allocate((int) (GgufDirectory.alignUp(at, ALIGNMENT) - at)));
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Little-endian bytes under construction. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes int8(int value) {
      out.write(value);
      return this;
    }

    Bytes int32(int value) {
      return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    Bytes int64(long value) {
      return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    Bytes string(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      return int64(utf8.length).bytes(utf8);
    }

    Bytes raw(MemorySegment data) {
      return bytes(data.toArray(ValueLayout.JAVA_BYTE));
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    private Bytes bytes(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }
  }
}
