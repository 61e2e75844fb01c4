package io.tutti.backend.reference;

import io.tutti.api.graph.Node;
import io.tutti.api.weights.WeightStore;

/** One node, bound to its weights. */
interface Operation {
  /** Computes the node's output, {@code [tokens, width]}. */
  double[] run(Step step);

  /** Binds a node to its weights; the head, which has an output of its own, apart. */
  static Operation of(Node node, WeightStore weights) {
    return switch (node) {
      case Node.Embedding n -> new EmbeddingOperation(weights.get(n.table().name()));
      case Node.RmsNorm n ->
          new RmsNormOperation(n, WeightRows.vector(weights.get(n.weight().name())));
      case Node.Linear n ->
          new LinearOperation(
              n,
              weights.get(n.weight().name()),
              n.bias().map(bias -> WeightRows.vector(weights.get(bias.name()))));
      case Node.RotaryEmbedding n -> new RotaryEmbeddingOperation(n);
      case Node.Attention n -> new AttentionOperation(n);
      case Node.SwiGlu n -> new SwiGluOperation(n);
      case Node.MoeRouter n -> new MoeRouterOperation(n, weights.get(n.weight().name()));
      case Node.Experts n -> ExpertsOperation.of(n, weights);
      case Node.SigmoidGate n ->
          new SigmoidGateOperation(n, WeightRows.vector(weights.get(n.weight().name())));
      case Node.Add n -> new AddOperation(n);
      case Node.LmHead n ->
          throw new IllegalArgumentException("LmHead " + n.name() + " (expected: last)");
    };
  }
}
