package io.tutti.backend.reference;

import io.tutti.api.BackendException;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.weights.WeightStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A graph bound to its weights. {@link #step} is the forward pass from top to bottom. */
final class ReferenceModel implements CompiledModel {
  private final ReferenceBackend backend;
  private final Graph graph;
  private final Limits limits;
  private final CapabilityReport report;
  private final List<Operation> operations; // all nodes but the head
  private final LmHeadOperation head;
  private final Lifetimes lifetimes;
  private final Set<String> names;
  private final AtomicInteger openSequences = new AtomicInteger();
  private final AtomicBoolean stepping = new AtomicBoolean();
  private @Nullable Arena results; // of the last step
  private volatile boolean closed;

  ReferenceModel(
      ReferenceBackend backend,
      Graph graph,
      WeightStore weights,
      Limits limits,
      CapabilityReport report) {
    this.backend = backend;
    this.graph = graph;
    this.limits = limits;
    this.report = report;
    List<Node> body = graph.nodes().subList(0, graph.nodes().size() - 1);
    this.operations = body.stream().map(node -> Operation.of(node, weights)).toList();
    this.head = new LmHeadOperation(graph.lmHead(), weights.get(graph.lmHead().weight().name()));
    this.lifetimes = Lifetimes.of(graph);
    this.names = Set.copyOf(graph.nodes().stream().map(Node::name).toList());
  }

  @Override
  public Graph graph() {
    requireOpen();
    return graph;
  }

  @Override
  public Limits limits() {
    requireOpen();
    return limits;
  }

  @Override
  public CapabilityReport report() {
    requireOpen();
    return report;
  }

  @Override
  public Sequence newSequence() {
    requireOpen();
    return register(
        () -> {
          int slots = graph.attentions().mapToInt(node -> node.kvSlot() + 1).max().orElse(0);
          List<KvPages> pages = new ArrayList<>(slots);
          for (int slot = 0; slot < slots; slot++) {
            pages.add(new KvPages(0));
          }
          graph
              .attentions()
              .forEach(
                  node -> pages.set(node.kvSlot(), new KvPages(node.kvHeads() * node.headDim())));
          return new ReferenceSequence(this, pages, 0);
        });
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // the results' arena lives until the next step or close
  public StepResult step(Batch batch) {
    requireOpen();
    if (!stepping.compareAndSet(false, true)) {
      throw new IllegalStateException("a step is under way (expected: one at a time)");
    }
    try {
      // 1. refuse what does not fit, before anything changes
      BatchRules.check(batch, this, names);
      releaseResults();
      // 2. every node but the head, in the graph's order
      Arena arena = Arena.ofShared();
      results = arena;
      Step step = new Step(backend.workers(), batch);
      Map<String, MemorySegment> taps = new HashMap<>();
      for (int i = 0; i < operations.size(); i++) {
        Node node = graph.nodes().get(i);
        double[] value = operations.get(i).run(step);
        step.put(node.name(), value);
        if (batch.taps().contains(node.name())) {
          taps.put(node.name(), floats(arena, value));
        }
        lifetimes.lastReads().get(i).forEach(step::forget);
      }
      // 3. the head, where logits are wanted
      int[] rows = step.wantedRows();
      MemorySegment logits =
          arena.allocate((long) rows.length * graph.vocabSize() * Float.BYTES, 64);
      head.run(step, rows, logits);
      if (batch.taps().contains(head.node().name())) {
        taps.put(head.node().name(), logits);
      }
      // 4. nothing can fail any more: all sequences grow
      StepResult result = new StepResult(rows.length, graph.vocabSize(), logits, taps);
      for (Batch.Entry entry : batch.entries()) {
        ((ReferenceSequence) entry.sequence()).commit(entry.tokens().length);
      }
      return result;
    } finally {
      stepping.set(false);
    }
  }

  @Override
  public void close() {
    if (!stepping.compareAndSet(false, true)) {
      throw new IllegalStateException("a step is under way (expected: close after it)");
    }
    try {
      closed = true;
      releaseResults();
    } finally {
      stepping.set(false);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("model is closed (expected: open)");
    }
    backend.requireOpen();
  }

  /** Counts a new sequence against the limit. */
  Sequence register(Supplier<Sequence> creation) {
    if (openSequences.incrementAndGet() > limits.maxSequences()) {
      openSequences.decrementAndGet();
      throw new BackendException(
          "open sequences: "
              + limits.maxSequences()
              + " (expected: fewer, to open another; close one or raise maxSequences)");
    }
    return creation.get();
  }

  void unregister() {
    openSequences.decrementAndGet();
  }

  private void releaseResults() {
    if (results != null) {
      results.close();
      results = null;
    }
  }

  private static MemorySegment floats(Arena arena, double[] value) {
    MemorySegment segment = arena.allocate((long) value.length * Float.BYTES, 64);
    for (int i = 0; i < value.length; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value[i]);
    }
    return segment;
  }
}
