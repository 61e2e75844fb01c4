package io.tutti.model.huggingface;

import io.tutti.api.CheckpointException;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.Json;
import io.tutti.model.ingest.MappedWeights;
import io.tutti.model.ingest.SharedArena;
import io.tutti.model.safetensors.SafetensorsFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names.
 */
public final class SafetensorsShards {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private SafetensorsShards() {}

  /**
   * Maps every shard into one store, which owns a new arena.
   *
   * @throws CheckpointException if a shard is missing or invalid, or disagrees with the index
   */
  public static MappedWeights open(Path folder, IngestLimits limits) {
    return SharedArena.openInto(
        arena -> {
          Map<String, MappedWeights.Entry> entries = new LinkedHashMap<>();
          if (Files.isRegularFile(folder.resolve(SINGLE))) {
            SafetensorsFile.mapInto(folder.resolve(SINGLE), arena, limits, entries);
          } else if (Files.isRegularFile(folder.resolve(INDEX))) {
            shards(folder, arena, limits, entries);
          } else {
            throw nothing(folder);
          }
          return new MappedWeights(folder.toString(), arena, entries);
        });
  }

  private static void shards(
      Path folder, Arena arena, IngestLimits limits, Map<String, MappedWeights.Entry> entries) {
    Path index = folder.resolve(INDEX);
    Map<String, String> shardOf = shardOf(index, limits);
    Set<String> shards = new LinkedHashSet<>(shardOf.values());
    if (shards.size() > limits.shards()) {
      throw new CheckpointException(
          index + ": " + shards.size() + " shards (expected: at most " + limits.shards() + ")");
    }
    for (String shard : shards) {
      if (!Files.isRegularFile(folder.resolve(shard))) {
        throw new CheckpointException(
            "shard "
                + shard
                + ": missing in "
                + folder
                + " (expected by "
                + INDEX
                + "; fetch the checkpoint again)");
      }
    }
    for (String shard : shards) {
      Map<String, MappedWeights.Entry> inShard = new LinkedHashMap<>();
      SafetensorsFile.mapInto(folder.resolve(shard), arena, limits, inShard);
      inShard.forEach(
          (name, entry) -> {
            String expected = shardOf.get(name);
            if (expected != null && !expected.equals(shard)) {
              throw new CheckpointException(
                  "tensor "
                      + name
                      + ": in "
                      + shard
                      + " (expected: in "
                      + expected
                      + ", says "
                      + index
                      + ")");
            }
            if (entries.put(name, entry) != null) {
              throw new CheckpointException(
                  "tensor " + name + ": in two shards, the second is " + shard + ", of " + folder);
            }
          });
    }
    for (Map.Entry<String, String> entry : shardOf.entrySet()) {
      if (!entries.containsKey(entry.getKey())) {
        throw new CheckpointException(
            "tensor "
                + entry.getKey()
                + ": missing in shard "
                + entry.getValue()
                + " (expected by "
                + index
                + ")");
      }
    }
  }

  /** Reads the index: shard's file name by tensor. */
  static Map<String, String> shardOf(Path index, IngestLimits limits) {
    Object weightMap = Json.readObject(index, limits).get("weight_map");
    if (!(weightMap instanceof Map<?, ?> map) || map.isEmpty() || map.size() > limits.tensors()) {
      throw new CheckpointException(
          index + ": no weight_map (expected: an object of 1.." + limits.tensors() + " tensors)");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    map.forEach(
        (tensor, shard) -> {
          if (!(shard instanceof String name) || !FileName.plain(name)) {
            throw new CheckpointException(
                "weight_map."
                    + tensor
                    + ": "
                    + shard
                    + " (expected: the plain name of a file in the folder), in "
                    + index);
          }
          if (!name.endsWith(".safetensors")) {
            throw new CheckpointException(
                "weight_map."
                    + tensor
                    + ": "
                    + shard
                    + " (expected: a .safetensors file; anything else may run code), in "
                    + index);
          }
          shardOf.put((String) tensor, name);
        });
    return shardOf;
  }

  private static CheckpointException nothing(Path folder) {
    if (Files.isRegularFile(folder.resolve("pytorch_model.bin"))
        || Files.isRegularFile(folder.resolve("pytorch_model.bin.index.json"))) {
      return new CheckpointException(
          folder
              + ": weights as a PyTorch pickle only (expected: safetensors); loading one can run"
              + " code, so it is refused: convert it to safetensors");
    }
    return new CheckpointException(
        folder + ": no weights (expected: " + SINGLE + " or " + INDEX + ")");
  }
}
