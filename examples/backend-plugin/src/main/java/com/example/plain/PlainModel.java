package com.example.plain;

import io.tutti.api.BackendException;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A graph with its weights. */
final class PlainModel implements CompiledModel {
  private final PlainBackend backend;
  private final Graph graph;
  private final Map<String, float[]> weights;
  private final Limits limits;
  private final CapabilityReport report;
  private final AtomicInteger sequences = new AtomicInteger();
  private final AtomicBoolean stepping = new AtomicBoolean();
  private volatile boolean closed;

  PlainModel(
      PlainBackend backend,
      Graph graph,
      Map<String, float[]> weights,
      Limits limits,
      CapabilityReport report) {
    this.backend = backend;
    this.graph = graph;
    this.weights = weights;
    this.limits = limits;
    this.report = report;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public CapabilityReport report() {
    return report;
  }

  @Override
  public Sequence newSequence() {
    requireOpen();
    int slots = graph.attentions().mapToInt(a -> a.kvSlot() + 1).max().orElse(0);
    return opened(new PlainSequence(this, slots));
  }

  /** Counts a new sequence, or a fork, against the limit. */
  Sequence opened(Sequence sequence) {
    if (sequences.incrementAndGet() > limits.maxSequences()) {
      sequences.decrementAndGet();
      throw new BackendException(
          limits.maxSequences() + " sequences are open (close one, or raise maxSequences)");
    }
    return sequence;
  }

  void released() {
    sequences.decrementAndGet();
  }

  @Override
  public StepResult step(Batch batch) {
    requireOpen();
    if (!stepping.compareAndSet(false, true)) {
      throw new IllegalStateException("a step is under way (expected: one at a time)");
    }
    try {
      refuse(batch); // 1. before anything changes
      StepResult result = compute(batch); // 2. may still fail: no length has changed
      for (Batch.Entry entry : batch.entries()) { // 3. cannot fail any more
        ((PlainSequence) entry.sequence()).grow(entry.tokens().length);
      }
      return result;
    } finally {
      stepping.set(false);
    }
  }

  private void refuse(Batch batch) {
    for (String tap : batch.taps()) {
      require(graph.find(tap).isPresent(), "tap " + tap + " names no node");
    }
    require(
        batch.tokens() <= limits.maxBatchTokens(),
        "batch of " + batch.tokens() + " tokens (expected: <= " + limits.maxBatchTokens() + ")");
    Set<Sequence> seen = new HashSet<>();
    for (Batch.Entry entry : batch.entries()) {
      require(
          entry.sequence() instanceof PlainSequence s && s.model() == this,
          "a sequence of another model");
      require(seen.add(entry.sequence()), "a sequence twice in a batch");
      int length = entry.sequence().length() + entry.tokens().length;
      require(
          length <= limits.maxTokensPerSequence(),
          "sequence of " + length + " tokens (expected: <= " + limits.maxTokensPerSequence() + ")");
      for (int token : entry.tokens()) {
        require(
            token >= 0 && token < graph.embedding().table().shape().dim(0),
            "token " + token + " (expected: one of the vocabulary)");
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** All tokens of all entries, laid end to end, through every node in the graph's order. */
  private StepResult compute(Batch batch) {
    Formulas.Tokens tokens = Formulas.Tokens.of(batch);
    Map<String, float[]> values = new HashMap<>();
    for (Node node : graph.nodes()) {
      values.put(node.name(), Formulas.compute(node, values, weights, tokens));
    }
    float[] logits = values.get(graph.lmHead().name());
    Map<String, MemorySegment> taps = new HashMap<>();
    batch.taps().forEach(tap -> taps.put(tap, MemorySegment.ofArray(values.get(tap))));
    return new StepResult(
        batch.logitRows(), graph.vocabSize(), MemorySegment.ofArray(logits), taps);
  }

  void requireOpen() {
    backend.requireOpen();
    if (closed) {
      throw new IllegalStateException("model is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
