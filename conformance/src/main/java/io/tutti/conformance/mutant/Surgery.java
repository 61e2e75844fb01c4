package io.tutti.conformance.mutant;

import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Changes of single nodes. A change that no node can express is made by putting exact F32 matrices
 * (permutations, rotations, identities) round the node, the last of them under its name.
 */
final class Surgery {
  private Surgery() {}

  /** Replaces a node by one or more, the last of which has its name and width. */
  @FunctionalInterface
  interface Change {
    List<Node> of(Node node, Overlay weights);
  }

  /** A fault that changes every node that it applies to; others it returns as they are. */
  static Fault nodes(Change change) {
    return new Fault() {
      @Override
      public Graph graph(Graph graph, Overlay weights) {
        return new Graph(
            graph.family(),
            graph.maxPositions(),
            graph.nodes().stream().flatMap(node -> change.of(node, weights).stream()).toList());
      }
    };
  }

  /** A permutation as a projection: output {@code i} is input {@code from(i)}. */
  static Node permute(
      String name, String input, int width, Overlay weights, IntUnaryOperator from) {
    return product(name, input, width, weights, (o, i) -> i == from.applyAsInt(o) ? 1 : 0);
  }

  /** A copy of a value under another name. */
  static Node copy(String name, String input, int width, Overlay weights) {
    return permute(name, input, width, weights, i -> i);
  }

  /** A square projection without bias. */
  static Node product(
      String name, String input, int width, Overlay weights, Overlay.MatrixElement element) {
    WeightRef matrix = weights.matrix(name + ".mutant", width, element);
    return new Node.Linear(name, input, matrix, Optional.empty());
  }

  /** Swaps the halves of each head on the way in and back on the way out. */
  static List<Node> swapHalves(Node.RotaryEmbedding node, Overlay weights) {
    int half = node.headDim() / 2;
    IntUnaryOperator swap = i -> i % node.headDim() < half ? i + half : i - half;
    String before = node.name() + ".before";
    String inner = node.name() + ".inner";
    return List.of(
        permute(before, node.input(), node.width(), weights, swap),
        new Node.RotaryEmbedding(inner, before, node.heads(), node.headDim(), node.plan()),
        permute(node.name(), inner, node.width(), weights, swap));
  }

  /** Turns by one position too many. */
  static List<Node> onePositionFurther(Node.RotaryEmbedding node, Overlay weights) {
    int half = node.headDim() / 2;
    double[] angle = node.plan().inverseFrequencies(node.headDim());
    String inner = node.name() + ".inner";
    return List.of(
        new Node.RotaryEmbedding(inner, node.input(), node.heads(), node.headDim(), node.plan()),
        product(
            node.name(),
            inner,
            node.width(),
            weights,
            (o, i) -> {
              int within = o % node.headDim();
              double a = angle[within % half];
              if (i == o) {
                return Math.cos(a);
              }
              return within < half
                  ? (i == o + half ? -Math.sin(a) : 0)
                  : (i == o - half ? Math.sin(a) : 0);
            }));
  }

  /** Query head h reads KV head {@code h mod kvHeads}. */
  static List<Node> interleaveHeads(Node.Attention node, Overlay weights) {
    int group = node.heads() / node.kvHeads();
    // Where the healthy attention keeps the head that the fault confuses with head h, and back.
    IntUnaryOperator slot = h -> h % node.kvHeads() * group + h / node.kvHeads();
    IntUnaryOperator head = s -> s % group * node.kvHeads() + s / group;
    int headDim = node.headDim();
    String before = node.name() + ".before";
    String inner = node.name() + ".inner";
    return List.of(
        permute(
            before,
            node.query(),
            node.width(),
            weights,
            i -> head.applyAsInt(i / headDim) * headDim + i % headDim),
        new Node.Attention(
            inner,
            before,
            node.key(),
            node.value(),
            node.heads(),
            node.kvHeads(),
            headDim,
            node.scale(),
            node.slidingWindow(),
            node.kvSlot()),
        permute(
            node.name(),
            inner,
            node.width(),
            weights,
            i -> slot.applyAsInt(i / headDim) * headDim + i % headDim));
  }

  static Node.Attention attention(Node.Attention node, double scale, int slidingWindow) {
    return new Node.Attention(
        node.name(),
        node.query(),
        node.key(),
        node.value(),
        node.heads(),
        node.kvHeads(),
        node.headDim(),
        scale,
        slidingWindow,
        node.kvSlot());
  }
}
