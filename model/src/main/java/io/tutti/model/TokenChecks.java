package io.tutti.model;

import io.tutti.api.graph.Graph;
import io.tutti.model.Finding.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The doctor's comparison of what the checkpoint's files say about tokens. */
final class TokenChecks {
  private static final String END_OF_TURN = "<|im_end|>";

  private final Checkpoint checkpoint;
  private final Graph graph;
  private final List<Finding> findings;

  TokenChecks(Checkpoint checkpoint, Graph graph, List<Finding> findings) {
    this.checkpoint = checkpoint;
    this.graph = graph;
    this.findings = findings;
  }

  void run() {
    Map<String, Set<Integer>> stops = checkpoint.stopTokensByPlace();
    stopTokens(stops);
    baseWithTemplate(stops);
    vocabulary();
    checkpoint.ggufTokenizer().ifPresent(this::ggufTokenizer);
  }

  private void stopTokens(Map<String, Set<Integer>> stops) {
    if (stops.isEmpty()) {
      add(
          Severity.WARNING,
          "stop-tokens-missing",
          "no file names a token that ends the text",
          "give stop tokens with each request, or generation ends at its length alone");
    } else if (stops.values().stream().distinct().count() > 1) {
      add(
          Severity.WARNING,
          "stop-tokens-disagree",
          "the files name different tokens that end the text: " + stops,
          "nothing; generation stops on each of them");
    }
    Set<Integer> outside = new TreeSet<>();
    stops.values().forEach(outside::addAll);
    outside.removeIf(id -> id < graph.vocabSize());
    if (!outside.isEmpty()) {
      add(
          Severity.WARNING,
          "stop-token-outside",
          "stop tokens " + outside + " lie outside the vocabulary of " + graph.vocabSize(),
          "correct eos_token_id: these can never be generated");
    }
  }

  /** A base model was never taught to end a turn: it names only the end of the text. */
  private void baseWithTemplate(Map<String, Set<Integer>> stops) {
    OptionalInt endOfTurn = checkpoint.tokenId(END_OF_TURN);
    if (endOfTurn.isEmpty()
        || checkpoint.chatTemplate().filter(t -> t.contains(END_OF_TURN)).isEmpty()) {
      return;
    }
    Map<String, Set<Integer>> trained = new LinkedHashMap<>(stops);
    trained.keySet().removeIf(place -> place.startsWith("token ") || place.equals("chat template"));
    boolean taught =
        trained.isEmpty()
            || trained.values().stream().anyMatch(ids -> ids.contains(endOfTurn.getAsInt()));
    if (!taught) {
      add(
          Severity.WARNING,
          "base-with-chat-template",
          "a chat template, in a checkpoint whose files end a text by "
              + trained
              + " and none ends a turn by "
              + END_OF_TURN
              + " ("
              + endOfTurn.getAsInt()
              + "): it looks like a base model",
          "use the instruct checkpoint to chat, or give prompts as they are");
    }
  }

  private void vocabulary() {
    OptionalInt size = checkpoint.tokenizerSize();
    int rows = graph.vocabSize();
    if (size.isEmpty()) {
      add(
          Severity.WARNING,
          "tokenizer-missing",
          "the checkpoint has no tokenizer",
          "add tokenizer.json, or give and take token ids only");
    } else if (size.getAsInt() > rows) {
      add(
          Severity.ERROR,
          "vocabulary-too-small",
          "the tokenizer has "
              + size.getAsInt()
              + " tokens and the embedding "
              + rows
              + " rows: some text cannot be embedded",
          "use the tokenizer that belongs to these weights");
    } else if (size.getAsInt() < rows) {
      add(
          Severity.INFO,
          "vocabulary-padded",
          "the embedding has "
              + rows
              + " rows and the tokenizer "
              + size.getAsInt()
              + " tokens: the rest is padding",
          "nothing; rows beyond the tokenizer have no text");
    }
  }

  private void ggufTokenizer(GgufTokenizer tokenizer) {
    if (tokenizer.types().length != tokenizer.tokens().size()) {
      add(
          Severity.ERROR,
          "token-types",
          "tokenizer.ggml.token_type has "
              + tokenizer.types().length
              + " entries for "
              + tokenizer.tokens().size()
              + " tokens",
          "convert the checkpoint anew");
    }
    Optional<String> model = checkpoint.ggufFile().flatMap(f -> f.text("tokenizer.ggml.model"));
    if (model.filter("gpt2"::equals).isEmpty() || !tokenizer.pre().equals("qwen2")) {
      add(
          Severity.WARNING,
          "pre-tokenizer",
          "tokenizer model "
              + model.orElse("missing")
              + ", pre-tokenizer \""
              + tokenizer.pre()
              + "\" (expected: gpt2, qwen2)",
          "convert the checkpoint anew: text may be split wrongly");
    }
  }

  private void add(Severity severity, String code, String message, String remedy) {
    findings.add(new Finding(severity, code, message, remedy));
  }
}
