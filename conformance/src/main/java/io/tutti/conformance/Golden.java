package io.tutti.conformance;

import io.tutti.api.graph.Graph;
import io.tutti.api.weights.WeightStore;
import io.tutti.model.Checkpoint;
import io.tutti.model.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A golden folder: a checkpoint, and what another implementation computed from it.
 *
 * @param name name of the folder
 * @param checkpoint {@code config.json} and {@code model.safetensors}
 * @param inputIds {@code [T]}
 * @param logits {@code [T, vocab]}
 * @param hidden by node: {@code [T, hidden]}; the embedding, the output of each layer, and for the
 *     last layer that of the final norm
 * @param greedyPrompt a prompt
 * @param greedyTokens its continuation by argmax
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
record Golden(
    String name,
    Checkpoint checkpoint,
    int[] inputIds,
    float[] logits,
    Map<String, float[]> hidden,
    int[] greedyPrompt,
    int[] greedyTokens)
    implements AutoCloseable {

  /** Opens a folder in the golden format. */
  static Golden open(Path folder) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    try (SafetensorsFile tensors = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
      return new Golden(
          folder.getFileName().toString(),
          checkpoint,
          tensors.ints("input_ids"),
          tensors.floats("logits"),
          hidden(checkpoint.graph(), tensors),
          tensors.ints("greedy_prompt"),
          tensors.ints("greedy_tokens"));
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  Graph graph() {
    return checkpoint.graph();
  }

  WeightStore weights() {
    return checkpoint.weights();
  }

  /** The first {@code length} ids of the text, from the start again where it is shorter. */
  int[] ids(int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> inputIds[i % inputIds.length]);
    return ids;
  }

  /** The largest index of a row of the golden logits, and how far the second is behind. */
  Choice choice(int row) {
    int vocab = graph().vocabSize();
    int best = -1;
    float second = Float.NEGATIVE_INFINITY;
    for (int v = 0; v < vocab; v++) {
      float logit = logits[row * vocab + v];
      if (best < 0 || logit > logits[row * vocab + best]) {
        second = best < 0 ? second : logits[row * vocab + best];
        best = v;
      } else if (logit > second) {
        second = logit;
      }
    }
    return new Choice(best, logits[row * vocab + best] - second);
  }

  /** What argmax chose and by how much. */
  record Choice(int token, double margin) {}

  @Override
  public void close() {
    checkpoint.close();
  }

  private static Map<String, float[]> hidden(Graph graph, SafetensorsFile tensors) {
    List<String> nodes = new ArrayList<>();
    nodes.add(graph.embedding().name());
    graph.nodes().stream()
        .map(node -> node.name())
        .filter(node -> node.matches("model\\.layers\\.\\d+\\.output"))
        .forEach(nodes::add);
    nodes.set(nodes.size() - 1, graph.lmHead().input());
    Map<String, float[]> hidden = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (tensors.has("hidden." + i)) {
        hidden.put(nodes.get(i), tensors.floats("hidden." + i));
      }
    }
    return hidden;
  }
}
