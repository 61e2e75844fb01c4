package io.tutti.model.qwen2;

import io.tutti.api.CheckpointException;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The nodes of a graph under construction. Each method adds one node, named by its module's path,
 * and returns that name for the next one to read.
 */
final class DecoderGraph {
  private final List<Node> nodes = new ArrayList<>();

  String embedding(String module, long vocabSize, long hiddenSize) {
    return add(new Node.Embedding(module, matrix(module, vocabSize, hiddenSize)));
  }

  String norm(String module, String input, long width, double eps) {
    return add(
        new Node.RmsNorm(module, input, new WeightRef(module + ".weight", Shape.of(width)), eps));
  }

  String linear(String module, String input, long out, long in, boolean bias) {
    Optional<WeightRef> biasRef =
        bias ? Optional.of(new WeightRef(module + ".bias", Shape.of(out))) : Optional.empty();
    return add(new Node.Linear(module, input, matrix(module, out, in), biasRef));
  }

  String add(Node node) {
    nodes.add(node);
    return node.name();
  }

  static WeightRef matrix(String module, long out, long in) {
    return new WeightRef(module + ".weight", Shape.of(out, in));
  }

  Graph finish(String family, int maxPositions) {
    return new Graph(family, maxPositions, nodes);
  }

  /** Turns what the nodes' own checks refuse into an exception about the configuration. */
  static Graph checked(ConfigTree config, Supplier<Graph> build) {
    try {
      return build.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CheckpointException(
          "configuration makes no graph: " + e.getMessage() + ", in " + config.source(), e);
    }
  }
}
