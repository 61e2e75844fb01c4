package io.tutti.model.safetensors;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.model.quant.Quantizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a safetensors file: tensors are added, then the file is written in one go.
 *
 * <p>Segments that are added are borrowed until {@link #write}; arrays are not copied either, so
 * leave them alone until then. Not safe for use by several threads.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 20;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Tensor(DType dtype, Shape shape, MemorySegment data) {}

  /** Adds a string to {@code __metadata__}. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor of bytes that are already in the layout of its type.
   *
   * @throws IllegalArgumentException if the name is taken, the size does not fit, or the format has
   *     no such type
   */
  public SafetensorsWriter add(String name, DType dtype, Shape shape, MemorySegment data) {
    if (SafetensorsType.nameOf(dtype).isEmpty()) {
      throw new IllegalArgumentException(
          "tensor " + name + ": " + dtype + " (expected: a type of the safetensors format)");
    }
    if (data.byteSize() != dtype.bytes(shape)) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": "
              + data.byteSize()
              + " bytes (expected: "
              + dtype.bytes(shape)
              + " for "
              + dtype
              + " "
              + shape
              + ")");
    }
    if (name.equals("__metadata__")
        || tensors.putIfAbsent(name, new Tensor(dtype, shape, data)) != null) {
      throw new IllegalArgumentException("tensor " + name + " (expected: a name not yet used)");
    }
    return this;
  }

  /** Adds a tensor of F32. */
  public SafetensorsWriter add(String name, Shape shape, float[] values) {
    return add(name, DType.F32, shape, littleEndian(values));
  }

  /** Adds a tensor of I32. */
  public SafetensorsWriter add(String name, Shape shape, int[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    for (int i = 0; i < values.length; i++) {
      data.set(
          ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 4L * i, values[i]);
    }
    return add(name, DType.I32, shape, data);
  }

  /** Adds a tensor of I64. */
  public SafetensorsWriter add(String name, Shape shape, long[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 8)]);
    for (int i = 0; i < values.length; i++) {
      data.set(
          ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 8L * i, values[i]);
    }
    return add(name, DType.I64, shape, data);
  }

  /** Adds a tensor of BF16, rounded to nearest, ties to even. */
  public SafetensorsWriter addBf16(String name, Shape shape, float[] values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 2)]);
    for (int i = 0; i < values.length; i++) {
      data.set(
          ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
          2L * i,
          Quantizer.toBf16(values[i]));
    }
    return add(name, DType.BF16, shape, data);
  }

  /** Writes the file, replacing one that is there. */
  public void write(Path path) throws IOException {
    byte[] header = header();
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, head.putLong(header.length).put(header).flip());
      for (Tensor tensor : tensors.values()) {
        for (long at = 0; at < tensor.data().byteSize(); at += CHUNK) {
          long length = Math.min(CHUNK, tensor.data().byteSize() - at);
          writeFully(
              channel,
              ByteBuffer.wrap(tensor.data().asSlice(at, length).toArray(ValueLayout.JAVA_BYTE)));
        }
      }
    }
  }

  private byte[] header() {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"__metadata__\":{");
      metadata.forEach(
          (key, value) -> {
            quote(json, key).append(':');
            quote(json, value).append(',');
          });
      json.setCharAt(json.length() - 1, '}');
      json.append(',');
    }
    long at = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = Math.addExact(at, tensor.data().byteSize());
      quote(json, entry.getKey())
          .append(":{\"dtype\":\"")
          .append(tensor.dtype().name())
          .append("\",\"shape\":")
          .append(tensor.shape().toString().replace(" ", ""))
          .append(",\"data_offsets\":[")
          .append(at)
          .append(',')
          .append(end)
          .append("]},");
      at = end;
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    json.append('}');
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    // Spaces after the object align the data to 8 bytes, as the original library does.
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  private static StringBuilder quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }

  private static MemorySegment littleEndian(float[] values) {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return MemorySegment.ofArray(values);
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return MemorySegment.ofBuffer(buffer);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
