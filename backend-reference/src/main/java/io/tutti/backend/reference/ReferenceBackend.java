package io.tutti.backend.reference;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.DeviceDescription;
import io.tutti.api.backend.KernelChoice;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.graph.Graph;
import io.tutti.api.weights.WeightStore;
import java.util.List;
import java.util.Map;

/** The processor, used one number at a time. */
final class ReferenceBackend implements Backend {
  private final Workers workers;
  private volatile boolean closed;

  ReferenceBackend(int threads) {
    this.workers = new Workers(threads);
  }

  Workers workers() {
    return workers;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("backend reference is closed (expected: open)");
    }
  }

  @Override
  public String name() {
    return ReferenceBackendProvider.NAME;
  }

  @Override
  public DeviceDescription device() {
    requireOpen();
    return new DeviceDescription(
        System.getProperty("os.arch") + ", " + workers.threads() + " threads",
        "cpu",
        workers.threads(),
        Runtime.getRuntime().maxMemory(),
        Map.of());
  }

  @Override
  public List<KernelChoice> kernels() {
    requireOpen();
    return List.of(new KernelChoice("all", "scalar.f64", "the oracle has no other"));
  }

  @Override
  public CapabilityReport check(Graph graph, WeightStore weights, Limits limits) {
    requireOpen();
    return Capabilities.report(graph, weights, limits);
  }

  @Override
  public CompiledModel compile(
      Graph graph, WeightStore weights, Limits limits, ProgressListener progress) {
    CapabilityReport report = check(graph, weights, limits);
    report.requireSupported(name());
    ReferenceModel model = new ReferenceModel(this, graph, weights, limits, report);
    progress.progress("weights", 1, 1); // mapped: there is nothing to load
    return model;
  }

  @Override
  public void close() {
    closed = true;
    workers.close();
  }
}
