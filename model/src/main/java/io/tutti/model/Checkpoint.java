package io.tutti.model;

import io.tutti.api.CheckpointException;
import io.tutti.api.graph.Graph;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import io.tutti.model.gguf.GgufConfig;
import io.tutti.model.gguf.GgufEndTokens;
import io.tutti.model.gguf.GgufFile;
import io.tutti.model.gguf.GgufWeights;
import io.tutti.model.huggingface.FileName;
import io.tutti.model.huggingface.HuggingFaceFolder;
import io.tutti.model.huggingface.SafetensorsShards;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.MappedWeights;
import io.tutti.model.ingest.SharedArena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint, opened: its configuration and its weights under Hugging Face names, whether it is a
 * folder of safetensors or a GGUF file. Safe for use by several threads.
 *
 * <p>Opening checks structure: that every file is well-formed and every tensor lies within it.
 * {@link #graph()} checks the configuration, {@link #verify()} that the weights fit the graph, and
 * {@link Doctor} reports all that disagrees.
 *
 * <p>Weights are mapped read-only and belong to the checkpoint: close it after every model compiled
 * from it. A file that is shortened or rewritten in place while it is mapped makes reads fail with
 * an {@link InternalError} or return other bytes; replace checkpoints by renaming.
 */
public final class Checkpoint implements AutoCloseable {
  private final Path path;
  private final ModelFamilies families;
  private final ConfigTree config;
  private final MappedWeights weights;
  private final Content content;
  private @Nullable Graph graph;
  private @Nullable GgufTokenizer ggufTokenizer;

  /** How a checkpoint is stored. */
  public enum Format {
    /** A folder with {@code config.json} and safetensors. */
    SAFETENSORS,
    /** One GGUF file. */
    GGUF
  }

  /** What only one of the formats has. */
  private sealed interface Content {
    record Folder(HuggingFaceFolder files) implements Content {}

    record Gguf(GgufFile file) implements Content {}
  }

  private Checkpoint(
      Path path,
      ModelFamilies families,
      ConfigTree config,
      MappedWeights weights,
      Content content) {
    this.path = path;
    this.families = families;
    this.config = config;
    this.weights = weights;
    this.content = content;
  }

  /**
   * Opens a checkpoint with the families on the class path and the default limits.
   *
   * @param path a folder in the Hugging Face layout, a folder with one GGUF file, or a GGUF file
   * @throws CheckpointException if it is missing, damaged, or of a model type that is not known
   */
  public static Checkpoint open(Path path) {
    return open(path, ModelFamilies.discover(), IngestLimits.DEFAULT);
  }

  /**
   * Opens a checkpoint.
   *
   * @param path a folder in the Hugging Face layout, a folder with one GGUF file, or a GGUF file
   * @param families the model types that can be built
   * @param limits how much of the files is believed
   * @throws CheckpointException if it is missing, damaged, or of a model type that is not known
   */
  public static Checkpoint open(Path path, ModelFamilies families, IngestLimits limits) {
    if (!Files.exists(path)) {
      throw new CheckpointException(
          "checkpoint: " + path + " does not exist (expected: a folder or a GGUF file)");
    }
    if (!Files.isDirectory(path)) {
      return openGguf(path, families, limits);
    }
    return LoneGguf.in(path)
        .map(file -> openGguf(file, families, limits))
        .orElseGet(() -> openFolder(path, families, limits));
  }

  private static Checkpoint openFolder(Path path, ModelFamilies families, IngestLimits limits) {
    HuggingFaceFolder folder = HuggingFaceFolder.read(path, limits);
    families.forConfig(folder.config()); // before the weights: an unknown type is the better news
    return new Checkpoint(
        path,
        families,
        folder.config(),
        SafetensorsShards.open(path, limits),
        new Content.Folder(folder));
  }

  private static Checkpoint openGguf(Path path, ModelFamilies families, IngestLimits limits) {
    return SharedArena.openInto(
        arena -> {
          GgufFile file = GgufFile.map(path, arena, limits);
          ConfigTree config = GgufConfig.of(file);
          families.forConfig(config);
          return new Checkpoint(
              path,
              families,
              config,
              new MappedWeights(
                  path.toString(), arena, GgufWeights.entries(file, limits.tensors())),
              new Content.Gguf(file));
        });
  }

  /** Name for people: the folder's, or the file's without its ending. */
  public String name() {
    Path file = path.toAbsolutePath().normalize().getFileName();
    String name = file == null ? path.toString() : file.toString();
    return format() == Format.GGUF && name.endsWith(".gguf")
        ? name.substring(0, name.length() - ".gguf".length())
        : name;
  }

  /** The folder or file. */
  public Path path() {
    return path;
  }

  /** How it is stored. */
  public Format format() {
    return switch (content) {
      case Content.Folder folder -> Format.SAFETENSORS;
      case Content.Gguf gguf -> Format.GGUF;
    };
  }

  /** The configuration in Hugging Face field names, for GGUF too. */
  public ConfigTree config() {
    return config;
  }

  /** The weights under Hugging Face names, borrowed until {@link #close()}. */
  public WeightStore weights() {
    return weights;
  }

  /**
   * The graph, built by the family of the configuration's {@code model_type} on first use.
   *
   * @throws CheckpointException if the configuration is incomplete or asks for what is not known
   */
  public synchronized Graph graph() {
    if (graph == null) {
      graph = families.forConfig(config).build(config);
    }
    return graph;
  }

  /**
   * Checks that every tensor of the graph is there, in its shape and in a type that can be read.
   *
   * @throws CheckpointException naming the first that is not
   */
  public void verify() {
    for (Map.Entry<String, Shape> expected : graph().weights().entrySet()) {
      Weight weight = weights.get(expected.getKey());
      if (!weight.shape().equals(expected.getValue())) {
        throw new CheckpointException(
            "tensor "
                + weight
                + " (expected: shape "
                + expected.getValue()
                + " by the configuration), in "
                + path);
      }
      if (!weight.dtype().weightType()) {
        throw new CheckpointException(
            "tensor " + weight + " (expected: a floating or quantised type), in " + path);
      }
    }
  }

  /** Every token that the checkpoint names as an end, in whichever of its files. */
  public Set<Integer> stopTokens() {
    Set<Integer> all = new TreeSet<>();
    stopTokensByPlace().values().forEach(all::addAll);
    return Collections.unmodifiableSet(all);
  }

  /** The end tokens by the place that names them: a file, a metadata key or a template. */
  public Map<String, Set<Integer>> stopTokensByPlace() {
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) -> files.stopTokens();
      case Content.Gguf(GgufFile file) ->
          GgufEndTokens.of(file, tokenizerOf(file).tokens(), tokenizerOf(file).types());
    };
  }

  /** Id of a token by its text, where the checkpoint's own files name it as a special one. */
  OptionalInt tokenId(String token) {
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) -> files.idOf(token);
      case Content.Gguf(GgufFile file) -> {
        int id = tokenizerOf(file).tokens().indexOf(token);
        yield id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
      }
    };
  }

  /** Number of tokens of the checkpoint's tokenizer, if it has one. */
  OptionalInt tokenizerSize() {
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) -> files.tokenizerSize();
      case Content.Gguf(GgufFile file) -> {
        int size = tokenizerOf(file).tokens().size();
        yield size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
      }
    };
  }

  /** The chat template's source, if the checkpoint has one. */
  public Optional<String> chatTemplate() {
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) -> files.chatTemplate();
      case Content.Gguf(GgufFile file) -> file.text("tokenizer.chat_template");
    };
  }

  /** The tokenizer in a GGUF file's metadata, decoded on first use; empty for a folder. */
  public Optional<GgufTokenizer> ggufTokenizer() {
    return switch (content) {
      case Content.Folder folder -> Optional.empty();
      case Content.Gguf(GgufFile file) ->
          Optional.of(tokenizerOf(file)).filter(tokenizer -> !tokenizer.tokens().isEmpty());
    };
  }

  /** The GGUF file as it is: metadata and tensors under their own names; empty for a folder. */
  public Optional<GgufFile> ggufFile() {
    return switch (content) {
      case Content.Folder folder -> Optional.empty();
      case Content.Gguf(GgufFile file) -> Optional.of(file);
    };
  }

  /** A file of the folder, such as {@code tokenizer.json}; empty if absent, and for GGUF. */
  public Optional<Path> file(String name) {
    if (!FileName.plain(name)) {
      throw new IllegalArgumentException(
          "file: " + name + " (expected: a plain name without separators)");
    }
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) ->
          Optional.of(files.folder().resolve(name)).filter(Files::isRegularFile);
      case Content.Gguf gguf -> Optional.empty();
    };
  }

  /** Sampling parameters that the checkpoint recommends. */
  public GenerationDefaults generationDefaults() {
    return switch (content) {
      case Content.Folder(HuggingFaceFolder files) ->
          files.generation().map(GenerationDefaults::of).orElse(GenerationDefaults.NONE);
      case Content.Gguf gguf -> GenerationDefaults.NONE;
    };
  }

  /** Bytes of all tensors that can be read. */
  public long weightBytes() {
    return weights.entries().values().stream()
        .mapToLong(
            entry ->
                switch (entry) {
                  case MappedWeights.Entry.Readable(Weight weight) -> weight.data().byteSize();
                  case MappedWeights.Entry.Unsupported unsupported -> 0;
                })
        .sum();
  }

  /** Names of tensors whose type cannot be read, with that type. */
  public Map<String, String> unreadableTensors() {
    Map<String, String> types = new TreeMap<>();
    weights
        .entries()
        .forEach(
            (name, entry) -> {
              if (entry instanceof MappedWeights.Entry.Unsupported(String type)) {
                types.put(name, type);
              }
            });
    return types;
  }

  /** Releases the mapping. Idempotent; using a weight after it is an IllegalStateException. */
  @Override
  public void close() {
    weights.close();
  }

  private synchronized GgufTokenizer tokenizerOf(GgufFile file) {
    if (ggufTokenizer == null) {
      ggufTokenizer =
          new GgufTokenizer(
              file.texts("tokenizer.ggml.tokens"),
              file.texts("tokenizer.ggml.merges"),
              file.ints("tokenizer.ggml.token_type"),
              file.text("tokenizer.ggml.pre").orElse(""),
              id("bos_token_id"),
              id("eos_token_id"));
    }
    return ggufTokenizer;
  }

  private OptionalInt id(String field) {
    return config.has(field)
        ? OptionalInt.of(config.requireInt(field, 0, Integer.MAX_VALUE))
        : OptionalInt.empty();
  }
}
