package io.tutti.api.graph;

import io.tutti.api.weights.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a checkpoint computes: nodes in an order in which they can be run. Immutable and
 * thread-safe.
 *
 * <p>The first node is the {@link Node.Embedding}, the last the {@link Node.LmHead}, and there is
 * one of each.
 *
 * @param family name of the model family that built it, such as {@code qwen2}
 * @param maxPositions longest sequence that the configuration allows
 * @param nodes nodes; each reads only earlier ones
 */
public record Graph(String family, int maxPositions, List<Node> nodes) {
  /** Newest op-set that this version of the contract defines. */
  public static final int OP_SET = 1;

  /**
   * Validates order, names, widths and cache slots.
   *
   * @throws IllegalArgumentException naming the node that does not fit
   */
  public Graph {
    nodes = List.copyOf(nodes);
    if (maxPositions < 1) {
      throw new IllegalArgumentException("maxPositions: " + maxPositions + " (expected: >= 1)");
    }
    if (nodes.size() < 2
        || !(nodes.getFirst() instanceof Node.Embedding)
        || !(nodes.getLast() instanceof Node.LmHead)
        || count(nodes, Node.Embedding.class) != 1
        || count(nodes, Node.LmHead.class) != 1) {
      throw new IllegalArgumentException(
          "graph of " + nodes.size() + " nodes (expected: Embedding, ..., LmHead)");
    }
    Map<String, Node> earlier = new HashMap<>();
    Map<Integer, String> slots = new HashMap<>();
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        if (!earlier.containsKey(input)) {
          throw new IllegalArgumentException(
              "input: " + input + " (expected: an earlier node), node: " + node.name());
        }
      }
      checkWidths(node, earlier);
      if (node instanceof Node.Attention attention
          && slots.put(attention.kvSlot(), node.name()) != null) {
        throw new IllegalArgumentException(
            "kvSlot: " + attention.kvSlot() + " (expected: unused), node: " + node.name());
      }
      if (earlier.put(node.name(), node) != null) {
        throw new IllegalArgumentException("node name: " + node.name() + " (expected: unique)");
      }
    }
  }

  /** Finds a node by name. */
  public Optional<Node> find(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The embedding. */
  public Node.Embedding embedding() {
    return (Node.Embedding) nodes.getFirst();
  }

  /** The head. */
  public Node.LmHead lmHead() {
    return (Node.LmHead) nodes.getLast();
  }

  /** Number of tokens in the vocabulary: the width of the logits. */
  public int vocabSize() {
    return lmHead().width();
  }

  /** Width of the residual stream. */
  public int hiddenSize() {
    return embedding().width();
  }

  /** The attention nodes, in order. */
  public Stream<Node.Attention> attentions() {
    return nodes.stream().filter(Node.Attention.class::isInstance).map(Node.Attention.class::cast);
  }

  /**
   * Every tensor that the graph reads, once each (a tied head shares the embedding's), in order of
   * first use.
   */
  public Map<String, Shape> weights() {
    Map<String, Shape> weights = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (WeightRef weight : node.weights()) {
        Shape before = weights.putIfAbsent(weight.name(), weight.shape());
        if (before != null && !before.equals(weight.shape())) {
          throw new IllegalArgumentException(
              "weight: " + weight + " (expected: " + before + "), node: " + node.name());
        }
      }
    }
    return weights;
  }

  /** Number of parameters; a tied head counts once. */
  public long parameters() {
    return weights().values().stream().mapToLong(Shape::elements).sum();
  }

  /** Number of parameters without the embedding and the head. */
  public long parametersWithoutEmbeddings() {
    long head =
        lmHead().weight().name().equals(embedding().table().name())
            ? 0
            : lmHead().weight().shape().elements();
    return parameters() - embedding().table().shape().elements() - head;
  }

  private static long count(List<Node> nodes, Class<? extends Node> type) {
    return nodes.stream().filter(type::isInstance).count();
  }

  private static void checkWidths(Node node, Map<String, Node> earlier) {
    switch (node) {
      case Node.Embedding embedding -> {}
      case Node.RmsNorm norm -> requireWidth(node, earlier, norm.input(), norm.width());
      case Node.Linear linear -> requireWidth(node, earlier, linear.input(), linear.inputWidth());
      case Node.RotaryEmbedding rope -> requireWidth(node, earlier, rope.input(), rope.width());
      case Node.Attention attention -> {
        int kvWidth = Math.multiplyExact(attention.kvHeads(), attention.headDim());
        requireWidth(node, earlier, attention.query(), attention.width());
        requireWidth(node, earlier, attention.key(), kvWidth);
        requireWidth(node, earlier, attention.value(), kvWidth);
      }
      case Node.SwiGlu glu -> {
        requireWidth(node, earlier, glu.gate(), glu.width());
        requireWidth(node, earlier, glu.up(), glu.width());
      }
      case Node.MoeRouter router ->
          requireWidth(node, earlier, router.input(), router.weight().shape().dim(1));
      case Node.Experts experts -> {
        requireWidth(
            node, earlier, experts.input(), experts.experts().getFirst().gate().shape().dim(1));
        requireWidth(node, earlier, experts.router(), experts.experts().size());
        if (!(earlier.get(experts.router()) instanceof Node.MoeRouter)) {
          throw new IllegalArgumentException(
              "router: " + experts.router() + " (expected: a MoeRouter), node: " + node.name());
        }
      }
      case Node.SigmoidGate gate -> {
        requireWidth(node, earlier, gate.input(), gate.weight().shape().dim(1));
        requireWidth(node, earlier, gate.value(), gate.width());
      }
      case Node.Add add -> {
        requireWidth(node, earlier, add.left(), add.width());
        requireWidth(node, earlier, add.right(), add.width());
      }
      case Node.LmHead head ->
          requireWidth(node, earlier, head.input(), head.weight().shape().dim(1));
    }
  }

  private static void requireWidth(
      Node node, Map<String, Node> earlier, String input, long expected) {
    int width = earlier.get(input).width();
    if (width != expected) {
      throw new IllegalArgumentException(
          "width of "
              + input
              + ": "
              + width
              + " (expected: "
              + expected
              + "), node: "
              + node.name());
    }
  }
}
