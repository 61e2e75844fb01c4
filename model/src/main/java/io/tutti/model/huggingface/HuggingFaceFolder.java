package io.tutti.model.huggingface;

import io.tutti.api.CheckpointException;
import io.tutti.api.model.ConfigTree;
import io.tutti.model.ingest.IngestLimits;
import io.tutti.model.ingest.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The JSON files of a folder in the Hugging Face layout.
 *
 * @param folder the folder
 * @param config {@code config.json}
 * @param generation {@code generation_config.json}, if there is one
 * @param tokenizer {@code tokenizer_config.json}, if there is one
 * @param limits bounds for what is read later
 */
public record HuggingFaceFolder(
    Path folder,
    ConfigTree config,
    Optional<ConfigTree> generation,
    Optional<ConfigTree> tokenizer,
    IngestLimits limits) {
  /**
   * Reads the files.
   *
   * @throws CheckpointException if {@code config.json} is missing or one of them is broken
   */
  public static HuggingFaceFolder read(Path folder, IngestLimits limits) {
    ConfigTree config =
        tree(folder, "config.json", limits)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        folder
                            + ": no config.json (expected: a folder in the Hugging Face layout, or"
                            + " the path of a GGUF file)"));
    return new HuggingFaceFolder(
        folder,
        config,
        tree(folder, "generation_config.json", limits),
        tree(folder, "tokenizer_config.json", limits),
        limits);
  }

  private static Optional<ConfigTree> tree(Path folder, String name, IngestLimits limits) {
    Path path = folder.resolve(name);
    return Files.isRegularFile(path)
        ? Optional.of(ConfigTree.of(path.toString(), Json.readObject(path, limits)))
        : Optional.empty();
  }

  /**
   * The end-of-text tokens that each file names, by file; empty where a file names none. The
   * tokenizer's is looked up by its text.
   */
  public Map<String, Set<Integer>> stopTokens() {
    Map<String, Set<Integer>> stops = new LinkedHashMap<>();
    put(stops, "config.json", ids(config, "eos_token_id"));
    generation.ifPresent(tree -> put(stops, "generation_config.json", ids(tree, "eos_token_id")));
    tokenizer
        .flatMap(tree -> text(tree, "eos_token"))
        .map(this::idOf)
        .filter(OptionalInt::isPresent)
        .ifPresent(id -> put(stops, "tokenizer_config.json", Set.of(id.getAsInt())));
    chatTemplate()
        .filter(template -> template.contains("<|im_end|>"))
        .map(template -> idOf("<|im_end|>"))
        .filter(OptionalInt::isPresent)
        .ifPresent(id -> put(stops, "chat template", Set.of(id.getAsInt())));
    return stops;
  }

  /** Id of a special token, if the tokenizer's files name it. */
  public OptionalInt idOf(String token) {
    if (tokenizer.isPresent() && tokenizer.get().tree("added_tokens_decoder").isPresent()) {
      ConfigTree added = tokenizer.get().tree("added_tokens_decoder").get();
      for (String id : added.names()) {
        Object entry = added.value(id).orElse("");
        if (entry instanceof ConfigTree tree
            && tree.value("content").filter(token::equals).isPresent()
            && id.matches("\\d{1,9}")) {
          return OptionalInt.of(Integer.parseInt(id));
        }
      }
    }
    Path path = folder.resolve("tokenizer.json");
    Integer id =
        Files.isRegularFile(path)
            ? TokenizerJson.addedTokens(path, limits).get(token)
            : (Integer) null;
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Highest token id of {@code tokenizer.json} plus one, if there is that file. */
  public OptionalInt tokenizerSize() {
    Path path = folder.resolve("tokenizer.json");
    return Files.isRegularFile(path)
        ? OptionalInt.of(TokenizerJson.size(path, limits))
        : OptionalInt.empty();
  }

  /**
   * The chat template: {@code chat_template.jinja}, or {@code chat_template} in {@code
   * tokenizer_config.json}, where a list of named ones offers its {@code default}.
   */
  public Optional<String> chatTemplate() {
    Path jinja = folder.resolve("chat_template.jinja");
    if (Files.isRegularFile(jinja)) {
      try {
        if (Files.size(jinja) > limits.stringBytes()) {
          throw new CheckpointException(
              jinja
                  + ": "
                  + Files.size(jinja)
                  + " bytes (expected: at most "
                  + limits.stringBytes()
                  + ")");
        }
        return Optional.of(Files.readString(jinja, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new CheckpointException(jinja + " cannot be read: " + e.getMessage(), e);
      }
    }
    return tokenizer.flatMap(HuggingFaceFolder::templateOf);
  }

  private static Optional<String> templateOf(ConfigTree tokenizer) {
    return switch (tokenizer.value("chat_template").orElse("")) {
      case String text when !text.isEmpty() -> Optional.of(text);
      case List<?> named -> {
        for (Object item : named) {
          if (item instanceof ConfigTree tree
              && tree.value("name").filter("default"::equals).isPresent()) {
            yield tree.string("template");
          }
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /** A token's text, which is a string or an object with {@code content}. */
  private static Optional<String> text(ConfigTree tree, String name) {
    return switch (tree.value(name).orElse("")) {
      case String text when !text.isEmpty() -> Optional.of(text);
      case ConfigTree token -> token.string("content");
      default -> Optional.empty();
    };
  }

  /** Ids of a field that is one integer or a list of them. */
  private static Set<Integer> ids(ConfigTree tree, String name) {
    return switch (tree.value(name).orElse(List.of())) {
      case List<?> list -> new LinkedHashSet<>(tree.ints(name, 0, Integer.MAX_VALUE));
      default -> Set.of(tree.requireInt(name, 0, Integer.MAX_VALUE));
    };
  }

  private static void put(Map<String, Set<Integer>> stops, String where, Set<Integer> ids) {
    if (!ids.isEmpty()) {
      stops.put(where, ids);
    }
  }
}
