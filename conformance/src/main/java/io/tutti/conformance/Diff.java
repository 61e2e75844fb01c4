package io.tutti.conformance;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the first node and position where two backends part, or a backend and a recorded golden.
 *
 * <p>Both run the same text from its first token; nodes are compared in the graph's order, row by
 * row. Memory is bounded: a pass taps as many nodes as fit the budget, and a text is run again for
 * the next ones.
 */
public final class Diff {
  private static final int VALUES_SHOWN = 8;
  private static final long DEFAULT_BUDGET = 256L << 20;

  private final Graph graph;
  private final WeightStore weights;
  private final int[] ids;
  private final int chunk;
  private final double tolerance; // NaN: from the declarations
  private final long budget;

  private Diff(
      Graph graph, WeightStore weights, int[] ids, int chunk, double tolerance, long budget) {
    this.graph = graph;
    this.weights = weights;
    this.ids = ids;
    this.chunk = chunk;
    this.tolerance = tolerance;
    this.budget = budget;
  }

  /**
   * A comparison over a text.
   *
   * @param graph what is computed
   * @param weights over which weights; borrowed
   * @param ids the text, at least one token
   */
  public static Diff over(Graph graph, WeightStore weights, int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("ids: 0 tokens (expected: >= 1)");
    }
    return new Diff(graph, weights, ids.clone(), ids.length, Double.NaN, DEFAULT_BUDGET);
  }

  /** The same with a tolerance of its own: largest NMSE of a row that counts as equal. */
  public Diff withTolerance(double nmse) {
    return new Diff(graph, weights, ids, chunk, nmse, budget);
  }

  /** The same in steps of this many tokens, so that the cache takes part. */
  public Diff withChunk(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("chunk: " + tokens + " tokens (expected: >= 1)");
    }
    return new Diff(graph, weights, ids, Math.min(tokens, ids.length), tolerance, budget);
  }

  /** The same with a limit on the bytes of recorded values, for each side. */
  public Diff withBudget(long bytes) {
    return new Diff(graph, weights, ids, chunk, tolerance, bytes);
  }

  /**
   * Compares two backends; the right one counts as the truth.
   *
   * @throws io.tutti.api.UnsupportedGraphException if one of them cannot run the graph
   */
  public DiffReport between(Backend left, Backend right) {
    String leftName = left.name();
    String rightName = left.name().equals(right.name()) ? right.name() + " (2)" : right.name();
    try (CompiledModel one = compile(left);
        CompiledModel two = compile(right)) {
      double allowed = Double.isNaN(tolerance) ? Math.max(allowed(one), allowed(two)) : tolerance;
      List<DiffReport.NodeError> errors = new ArrayList<>();
      for (List<Node> pass : passes()) {
        Set<String> taps = names(pass);
        Trace leftTrace = Trace.record(one, ids, chunk, taps);
        Trace rightTrace = Trace.record(two, ids, chunk, taps);
        Optional<Divergence> first =
            compare(pass, leftTrace.values(), rightTrace.values(), allowed, errors);
        if (first.isPresent()) {
          return new DiffReport(leftName, rightName, ids.length, allowed, first, errors);
        }
      }
      return new DiffReport(leftName, rightName, ids.length, allowed, Optional.empty(), errors);
    }
  }

  /**
   * Compares a backend with what a golden folder records: the embedding, the output of each layer
   * and the logits.
   */
  public static DiffReport againstGolden(Backend backend, Path folder) {
    try (Golden golden = Golden.open(folder)) {
      Diff diff = over(golden.graph(), golden.weights(), golden.inputIds());
      Map<String, float[]> recorded = new HashMap<>(golden.hidden());
      recorded.put(golden.graph().lmHead().name(), golden.logits());
      List<Node> nodes =
          golden.graph().nodes().stream().filter(n -> recorded.containsKey(n.name())).toList();
      try (CompiledModel model = diff.compile(backend)) {
        Trace trace = Trace.record(model, diff.ids, diff.chunk, names(nodes));
        double allowed = diff.allowed(model);
        List<DiffReport.NodeError> errors = new ArrayList<>();
        Optional<Divergence> first = diff.compare(nodes, trace.values(), recorded, allowed, errors);
        return new DiffReport(
            backend.name(), golden.name(), diff.ids.length, allowed, first, errors);
      }
    }
  }

  private CompiledModel compile(Backend backend) {
    return backend.compile(graph, weights, ConformanceLimits.of(ids.length), ProgressListener.NONE);
  }

  /** Single rows scatter round the error of the whole, which is what a backend declares. */
  private double allowed(CompiledModel model) {
    return 10 * new Tolerances(model.report().numerics()).logits();
  }

  /** The nodes in order, cut into passes that fit the budget. */
  private List<List<Node>> passes() {
    List<List<Node>> passes = new ArrayList<>();
    List<Node> pass = new ArrayList<>();
    long bytes = 0;
    for (Node node : graph.nodes()) {
      long needed = (long) ids.length * node.width() * Float.BYTES;
      if (!pass.isEmpty() && bytes + needed > budget) {
        passes.add(pass);
        pass = new ArrayList<>();
        bytes = 0;
      }
      pass.add(node);
      bytes += needed;
    }
    passes.add(pass);
    return passes;
  }

  private Optional<Divergence> compare(
      List<Node> nodes,
      Map<String, float[]> left,
      Map<String, float[]> right,
      double allowed,
      List<DiffReport.NodeError> errors) {
    for (Node node : nodes) {
      float[] one = left.get(node.name());
      float[] two = right.get(node.name());
      double[] truth = Comparison.widen(two);
      double worst = 0;
      for (int t = 0; t < ids.length; t++) {
        int from = t * node.width();
        Comparison row = Comparison.of(one, truth, from, from + node.width());
        worst = Math.max(worst, row.nmse());
        if (!row.within(allowed)) {
          errors.add(new DiffReport.NodeError(node.name(), node.op(), worst));
          return Optional.of(divergence(node, t, one, two, row.nmse()));
        }
      }
      errors.add(new DiffReport.NodeError(node.name(), node.op(), worst));
    }
    return Optional.empty();
  }

  private Divergence divergence(Node node, int t, float[] left, float[] right, double nmse) {
    int from = t * node.width();
    int to = from + node.width();
    TensorStatistics truth = TensorStatistics.of(right, from, to);
    List<Divergence.Value> values = new ArrayList<>();
    for (int i = from; i < to && values.size() < VALUES_SHOWN; i++) {
      boolean near = Math.abs(left[i] - right[i]) <= 1e-4 * truth.rms();
      if (!near) { // also where one is NaN
        values.add(new Divergence.Value(i - from, left[i], right[i]));
      }
    }
    return new Divergence(
        node.name(),
        node.op(),
        node.inputs(),
        node.weights().stream()
            .limit(8) // a node of experts may read hundreds
            .map(ref -> weights.find(ref.name()).map(Weight::toString).orElse(ref.toString()))
            .toList(),
        t,
        ids[t],
        nmse,
        TensorStatistics.of(left, from, to),
        truth,
        values);
  }

  private static Set<String> names(List<Node> nodes) {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.add(node.name()));
    return names;
  }
}
