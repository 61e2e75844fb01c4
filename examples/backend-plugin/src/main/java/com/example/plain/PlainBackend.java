package com.example.plain;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CapabilityReport.NodeVerdict;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.DeviceDescription;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.MemoryEstimate;
import io.tutti.api.backend.Numerics;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.backend.Support;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The device: here, the thread that calls. */
final class PlainBackend implements Backend {
  private static final Set<DType> TYPES = EnumSet.of(DType.F32, DType.F16, DType.BF16);

  /** The promise that the kit checks: f32 sums in order, so the same bits whatever the batch. */
  private static final Numerics NUMERICS =
      new Numerics(
          Numerics.Accumulator.F32,
          Numerics.Activations.EXACT,
          Numerics.CacheType.F32,
          Numerics.Reductions.SEQUENTIAL,
          true, // deterministic
          true, // batch-invariant
          1e-9); // error of logits

  private volatile boolean closed;

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public DeviceDescription device() {
    requireOpen();
    return new DeviceDescription("the calling thread", "cpu", 1, 0, Map.of());
  }

  /** Answers for every node, and changes nothing. */
  @Override
  public CapabilityReport check(Graph graph, WeightStore weights, Limits limits) {
    requireOpen();
    List<NodeVerdict> verdicts = new ArrayList<>();
    for (Node node : graph.nodes()) {
      verdicts.add(new NodeVerdict(node.name(), node.op(), support(node, weights)));
    }
    return new CapabilityReport(verdicts, memory(graph, limits), NUMERICS, List.of());
  }

  private static Support support(Node node, WeightStore weights) {
    // An operation of a later op-set than we know is unsupported, not an error.
    if (node.opSet() > 1) {
      return Support.no("op-set " + node.opSet() + " (expected: 1)");
    }
    for (WeightRef expected : node.weights()) {
      Weight found = weights.find(expected.name()).orElse(null);
      if (found == null || !found.shape().equals(expected.shape())) {
        return Support.no("tensor " + found + " (expected: " + expected + ")");
      }
      if (!TYPES.contains(found.dtype())) {
        return Support.no("weight type " + found.dtype() + " (expected: one of " + TYPES + ")");
      }
    }
    return Support.yes();
  }

  private static MemoryEstimate memory(Graph graph, Limits limits) {
    long repacked = 4 * graph.parameters(); // every weight becomes a float[]
    long perToken = graph.attentions().mapToLong(a -> 8L * a.kvHeads() * a.headDim()).sum();
    long values = graph.nodes().stream().mapToLong(Node::width).sum();
    return new MemoryEstimate(0, repacked, perToken, 4 * values * limits.maxBatchTokens());
  }

  @Override
  public CompiledModel compile(
      Graph graph, WeightStore weights, Limits limits, ProgressListener progress) {
    CapabilityReport report = check(graph, weights, limits);
    report.requireSupported(name()); // refuse, never convert silently
    Map<String, float[]> floats = new HashMap<>();
    Set<String> names = graph.weights().keySet();
    for (String name : names) {
      floats.put(name, Formulas.floats(weights.get(name)));
      progress.progress("weights", floats.size(), names.size());
    }
    return new PlainModel(this, graph, floats, limits, report);
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("backend plain is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
