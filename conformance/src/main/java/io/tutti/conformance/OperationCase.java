package io.tutti.conformance;

import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A tiny graph around the operation under test: an embedding that makes activations, the operation,
 * a head. Weights are made when the case runs.
 */
final class OperationCase {
  private static final int VOCAB = 23;

  private final List<Node> nodes = new ArrayList<>();
  private final List<Consumer<MadeWeights>> recipes = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(7);
  private int tokens = 9;
  private int chunk = 9;
  private double atLeast;

  /** Begins with an F32 embedding whose rows, random and of this spread, are the activations. */
  static OperationCase activations(int width, double spread) {
    return new OperationCase().embedding("embed", DType.F32, VOCAB, width, spread);
  }

  /** An empty case. */
  OperationCase() {}

  OperationCase embedding(String name, DType dtype, int vocab, int width, double spread) {
    nodes.add(new Node.Embedding(name, weight(name + ".weight", dtype, spread, vocab, width)));
    return this;
  }

  /** How many tokens, in how many a step. */
  OperationCase tokens(int tokens, int chunk) {
    this.tokens = tokens;
    this.chunk = chunk;
    return this;
  }

  /** For cases that amplify rounding on purpose. */
  OperationCase toleranceAtLeast(double nmse) {
    this.atLeast = nmse;
    return this;
  }

  OperationCase linear(String name, String input, DType dtype, int in, int out, double spread) {
    nodes.add(
        new Node.Linear(
            name, input, weight(name + ".weight", dtype, spread, out, in), Optional.empty()));
    return this;
  }

  OperationCase linearWithBias(
      String name, String input, DType dtype, int in, int out, DType bias) {
    nodes.add(
        new Node.Linear(
            name,
            input,
            weight(name + ".weight", dtype, 1 / Math.sqrt(in), out, in),
            Optional.of(weight(name + ".bias", bias, 1, out))));
    return this;
  }

  OperationCase node(Node node) {
    nodes.add(node);
    return this;
  }

  /** A weight of the case. */
  WeightRef weight(String name, DType dtype, double spread, long... dims) {
    Shape shape = Shape.of(dims);
    recipes.add(weights -> weights.random(name, dtype, shape, spread));
    return new WeightRef(name, shape);
  }

  /** An F32 weight of the case that is zero everywhere. */
  WeightRef zeros(String name, long... dims) {
    Shape shape = Shape.of(dims);
    recipes.add(
        weights -> weights.exactly(name, shape, new double[Math.toIntExact(shape.elements())]));
    return new WeightRef(name, shape);
  }

  int width() {
    return nodes.getLast().width();
  }

  /** Ends with a small F32 head and runs. */
  String run(Workbench bench) {
    Node last = nodes.getLast();
    return run(
        bench,
        new Node.LmHead(
            "lm_head",
            last.name(),
            weight("lm_head.weight", DType.F32, 1 / Math.sqrt(last.width()), 11, last.width())));
  }

  /** Ends with this head and runs. */
  String run(Workbench bench, Node.LmHead head) {
    List<Node> all = new ArrayList<>(nodes);
    all.add(head);
    Graph graph = new Graph("conformance", 4096, all);
    int vocab = (int) graph.embedding().table().shape().dim(0);
    int[] ids = random.ints(tokens, 0, vocab).toArray();
    ids[0] = vocab - 1; // both ends of the table
    ids[tokens - 1] = 0;
    return Workbench.withWeights(
        weights -> {
          recipes.forEach(recipe -> recipe.accept(weights));
          try (var model = bench.compile(graph, weights, ConformanceLimits.of(ids.length))) {
            return NodeWise.check(model, weights, ids, chunk, atLeast);
          }
        });
  }
}
