package io.tutti.backend.reference;

import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.MemoryEstimate;
import io.tutti.api.backend.Numerics;
import io.tutti.api.backend.Support;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.util.ArrayList;
import java.util.List;

/** What the reference backend says before it loads: every node, every weight type, any size. */
final class Capabilities {
  static final Numerics NUMERICS =
      new Numerics(
          Numerics.Accumulator.F64,
          Numerics.Activations.EXACT,
          Numerics.CacheType.F64,
          Numerics.Reductions.SEQUENTIAL,
          true,
          true,
          1e-10);

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private Capabilities() {}

  static CapabilityReport report(Graph graph, WeightStore weights, Limits limits) {
    List<CapabilityReport.NodeVerdict> verdicts = new ArrayList<>(graph.nodes().size());
    long widest = 0;
    for (Node node : graph.nodes()) {
      verdicts.add(
          new CapabilityReport.NodeVerdict(node.name(), node.op(), support(node, weights)));
      if (!(node instanceof Node.LmHead)) { // its logits are not on the heap
        widest = Math.max(widest, node.width());
      }
    }
    List<String> limitations = new ArrayList<>();
    if (widest * limits.maxBatchTokens() > MAX_ARRAY) {
      limitations.add(
          "maxBatchTokens: "
              + limits.maxBatchTokens()
              + " (expected: <= "
              + MAX_ARRAY / widest
              + ", because a value of width "
              + widest
              + " is one Java array)");
    }
    return new CapabilityReport(verdicts, memory(graph, weights, limits), NUMERICS, limitations);
  }

  private static Support support(Node node, WeightStore weights) {
    for (WeightRef expected : node.weights()) {
      Weight found = weights.find(expected.name()).orElse(null);
      if (found == null) {
        return Support.no("tensor " + expected + " is missing in " + weights.source());
      }
      if (!found.shape().equals(expected.shape())) {
        return Support.no("tensor " + found + " (expected: " + expected.shape() + ")");
      }
      if (!found.dtype().weightType()) {
        return Support.no("tensor " + found + " (expected: a weight type)");
      }
    }
    return Support.yes();
  }

  private static MemoryEstimate memory(Graph graph, WeightStore weights, Limits limits) {
    long mapped = 0;
    for (String name : graph.weights().keySet()) {
      mapped += weights.find(name).map(weight -> weight.data().byteSize()).orElse(0L);
    }
    long kvPerToken =
        graph
            .attentions()
            .mapToLong(node -> 2L * node.kvHeads() * node.headDim() * Double.BYTES)
            .sum();
    long logits = (long) limits.maxSequences() * graph.vocabSize() * Float.BYTES;
    long values = Lifetimes.of(graph).widestMoment() * Double.BYTES * limits.maxBatchTokens();
    return new MemoryEstimate(mapped, 0, kvPerToken, values + logits);
  }
}
