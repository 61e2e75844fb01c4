package io.tutti.model.safetensors;

import io.tutti.api.CheckpointException;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Weight;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.MappedFile;
import io.tutti.model.ingest.MappedWeights;
import io.tutti.model.ingest.SharedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One safetensors file, mapped read-only. Safe for use by several threads.
 *
 * <p>Owns its mapping: {@link #close()} it when no tensor of it is used any more. Closing twice
 * does nothing; using a tensor after that is an {@link IllegalStateException}.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedWeights tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(MappedWeights tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /**
   * Opens a file with the default limits.
   *
   * @throws CheckpointException if it is not a valid safetensors file
   */
  public static SafetensorsFile open(Path path) {
    return open(path, IngestLimits.DEFAULT);
  }

  /**
   * Opens a file.
   *
   * @throws CheckpointException if it is not a valid safetensors file within the limits
   */
  public static SafetensorsFile open(Path path, IngestLimits limits) {
    return SharedArena.openInto(
        arena -> {
          Map<String, MappedWeights.Entry> entries = new LinkedHashMap<>();
          Map<String, String> metadata = mapInto(path, arena, limits, entries);
          return new SafetensorsFile(new MappedWeights(path.toString(), arena, entries), metadata);
        });
  }

  /**
   * Maps a file into an arena of the caller and adds its tensors to a directory.
   *
   * @return the file's {@code __metadata__}
   * @throws CheckpointException if the file is not valid or a name is already in the directory
   */
  public static Map<String, String> mapInto(
      Path path, Arena arena, IngestLimits limits, Map<String, MappedWeights.Entry> entries) {
    MemorySegment file = MappedFile.map(path, arena);
    SafetensorsHeader header = SafetensorsHeader.read(file, path.toString(), limits);
    for (SafetensorsHeader.Tensor tensor : header.tensors()) {
      MappedWeights.Entry entry =
          tensor
              .dtype()
              .<MappedWeights.Entry>map(
                  dtype ->
                      new MappedWeights.Entry.Readable(
                          new Weight(
                              tensor.name(),
                              dtype,
                              tensor.shape(),
                              file.asSlice(
                                  header.dataOffset() + tensor.begin(),
                                  tensor.end() - tensor.begin()))))
              .orElseGet(() -> new MappedWeights.Entry.Unsupported(tensor.type()));
      if (entries.put(tensor.name(), entry) != null) {
        throw new CheckpointException(
            "tensor " + tensor.name() + ": in two files of the checkpoint, the second is " + path);
      }
    }
    return header.metadata();
  }

  /** Names of the tensors, in the order of their data. */
  public Set<String> names() {
    return tensors.names();
  }

  /** Tells whether there is a tensor of that name. */
  public boolean has(String name) {
    return tensors.names().contains(name);
  }

  /**
   * A tensor, borrowed until {@link #close()}.
   *
   * @throws CheckpointException if there is none of that name, or its type cannot be read
   */
  public Weight tensor(String name) {
    return tensors.get(name);
  }

  /** All tensors that can be read, by name. */
  public Map<String, Weight> tensors() {
    Map<String, Weight> all = new LinkedHashMap<>();
    tensors
        .entries()
        .forEach(
            (name, entry) -> {
              if (entry instanceof MappedWeights.Entry.Readable(Weight weight)) {
                all.put(name, weight);
              }
            });
    return all;
  }

  /** The strings of {@code __metadata__}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Copies a tensor of F32 into an array.
   *
   * @throws CheckpointException if it is missing, of another type, or longer than an array
   */
  public float[] floats(String name) {
    Weight tensor = require(name, DType.F32);
    return tensor.data().toArray(F32);
  }

  /**
   * Copies a tensor of I32 into an array.
   *
   * @throws CheckpointException if it is missing, of another type, or longer than an array
   */
  public int[] ints(String name) {
    Weight tensor = require(name, DType.I32);
    return tensor.data().toArray(I32);
  }

  private Weight require(String name, DType dtype) {
    Weight tensor = tensor(name);
    if (tensor.dtype() != dtype || tensor.shape().elements() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(
          "tensor "
              + tensor
              + " (expected: "
              + dtype
              + ", at most 2^31 - 9 elements), in "
              + tensors.source());
    }
    return tensor;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
