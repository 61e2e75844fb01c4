package io.tutti.conformance.mutant;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.api.graph.Graph;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** A model with a fault, which says that it is the model that was asked for. */
final class MutantModel implements CompiledModel {
  private final CompiledModel healthy;
  private final Fault fault;
  private final Graph graph;
  private final Limits limits;
  private final CapabilityReport report;
  private final Overlay overlay;
  private final ReentrantLock queue = new ReentrantLock();

  MutantModel(
      CompiledModel healthy,
      Fault fault,
      Graph graph,
      Limits limits,
      CapabilityReport report,
      Overlay overlay) {
    this.healthy = healthy;
    this.fault = fault;
    this.graph = graph;
    this.limits = limits;
    this.report = report;
    this.overlay = overlay;
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
    Sequence sequence = healthy.newSequence();
    if (fault.hiddenTokens() > 0) {
      int[] hidden = new int[fault.hiddenTokens()];
      healthy.step(Batch.of(new Batch.Entry(sequence, hidden, LogitsWanted.NONE)));
    }
    return new MutantSequence(sequence, fault);
  }

  @Override
  public StepResult step(Batch batch) {
    if (!fault.queuesSteps()) {
      return fault.step(healthy, inner(batch)).result(graph.lmHead().name());
    }
    queue.lock();
    try {
      return fault.step(healthy, inner(batch)).result(graph.lmHead().name());
    } finally {
      queue.unlock();
    }
  }

  private Batch inner(Batch batch) {
    return new Batch(
        batch.entries().stream()
            .map(
                entry ->
                    new Batch.Entry(
                        entry.sequence() instanceof MutantSequence mutant
                            ? mutant.healthy()
                            : entry.sequence(),
                        tokens(entry.tokens()),
                        entry.logits()))
            .toList(),
        batch.taps());
  }

  private int[] tokens(int[] tokens) {
    return fault.wrapsTokens()
        ? Arrays.stream(tokens).map(token -> Math.floorMod(token, graph.vocabSize())).toArray()
        : tokens;
  }

  @Override
  public void close() {
    if (fault.closesModels()) {
      healthy.close();
      overlay.close();
    }
  }
}
