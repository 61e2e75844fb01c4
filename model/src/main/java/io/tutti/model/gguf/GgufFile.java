package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.MappedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file, version 2 or 3, mapped into an arena of the caller: its metadata and its tensors
 * under their own names. Valid as long as that arena.
 */
public final class GgufFile {
  private final Path path;
  private final int version;
  private final Map<String, GgufValue> metadata;
  private final Map<String, Tensor> tensors;

  /**
   * A tensor as the file names it.
   *
   * @param name ggml name, such as {@code blk.0.attn_q.weight}
   * @param shape row-major, {@code [out, in]}: the file's extents in reverse
   * @param type ggml's number of the type
   * @param dtype the type, if it is one that we read
   * @param fileOffset first byte in the file
   * @param data the bytes, borrowed; empty where the type is unknown
   */
  public record Tensor(
      String name,
      Shape shape,
      int type,
      Optional<DType> dtype,
      long fileOffset,
      MemorySegment data) {}

  private GgufFile(
      Path path, int version, Map<String, GgufValue> metadata, Map<String, Tensor> tensors) {
    this.path = path;
    this.version = version;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /**
   * Maps a file and reads its front.
   *
   * @param arena owner of the mapping; shared, if several threads will read
   * @throws CheckpointException if it is not a valid GGUF file within the limits
   */
  public static GgufFile map(Path path, Arena arena, IngestLimits limits) {
    MemorySegment file = MappedFile.map(path, arena);
    GgufDirectory directory = GgufDirectory.read(file, path.toString(), limits);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (GgufDirectory.Tensor tensor : directory.tensors()) {
      Optional<DType> dtype = tensor.dtype();
      long offset = directory.dataOffset() + tensor.offset();
      long bytes = dtype.isPresent() ? dtype.get().bytes(tensor.shape()) : 0;
      tensors.put(
          tensor.name(),
          new Tensor(
              tensor.name(),
              tensor.shape(),
              tensor.type(),
              dtype,
              offset,
              file.asSlice(offset, bytes)));
    }
    return new GgufFile(
        path,
        directory.version(),
        Collections.unmodifiableMap(directory.metadata()),
        Collections.unmodifiableMap(tensors));
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Version of the format: 2 or 3. */
  public int version() {
    return version;
  }

  /** Metadata in the order of the file. */
  public Map<String, GgufValue> metadata() {
    return metadata;
  }

  /** Tensors by ggml name, in the order of the directory. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** A string of the metadata, if there is one of that key. */
  public Optional<String> text(String key) {
    return switch (metadata.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw wrong(key, other, "a string");
    };
  }

  /** An array of strings of the metadata, empty if there is none of that key. */
  public List<String> texts(String key) {
    return switch (metadata.get(key)) {
      case null -> List.of();
      case GgufValue.Texts texts -> texts.decode();
      case GgufValue.Numbers(int type, MemorySegment data, int count) when count == 0 -> List.of();
      case GgufValue other -> throw wrong(key, other, "an array of strings");
    };
  }

  /** An array of numbers of the metadata, empty if there is none of that key. */
  public int[] ints(String key) {
    return switch (metadata.get(key)) {
      case null -> new int[0];
      case GgufValue.Numbers numbers -> numbers.toInts();
      case GgufValue other -> throw wrong(key, other, "an array of numbers");
    };
  }

  /** A scalar of the metadata as plain data: {@link Long}, {@link Double}, Boolean or String. */
  public Optional<Object> scalar(String key) {
    return switch (metadata.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Int(long value) -> Optional.of(value);
      case GgufValue.Real(double value) -> Optional.of(value);
      case GgufValue.Flag(boolean value) -> Optional.of(value);
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw wrong(key, other, "one value");
    };
  }

  private CheckpointException wrong(String key, GgufValue found, String expected) {
    return new CheckpointException(
        key
            + ": "
            + found.getClass().getSimpleName()
            + " (expected: "
            + expected
            + "), in "
            + path);
  }
}
