package io.tutti.conformance.mutant;

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

/** A backend with a fault. */
final class MutantBackend implements Backend {
  private final Backend healthy;
  private final Fault fault;

  MutantBackend(Backend healthy, Fault fault) {
    this.healthy = healthy;
    this.fault = fault;
  }

  @Override
  public String name() {
    return healthy.name();
  }

  @Override
  public DeviceDescription device() {
    return healthy.device();
  }

  @Override
  public List<KernelChoice> kernels() {
    return healthy.kernels();
  }

  @Override
  public CapabilityReport check(Graph graph, WeightStore weights, Limits limits) {
    return fault.check(healthy, graph, weights, limits);
  }

  @Override
  public CompiledModel compile(
      Graph graph, WeightStore weights, Limits limits, ProgressListener progress) {
    CapabilityReport report = check(graph, weights, limits);
    if (fault.refuses()) {
      report.requireSupported(name());
    }
    healthy.check(graph, weights, limits).requireSupported(name());
    Overlay overlay = new Overlay(weights);
    try {
      CompiledModel model =
          healthy.compile(fault.graph(graph, overlay), overlay, fault.limits(limits), progress);
      return new MutantModel(model, fault, graph, limits, report, overlay);
    } catch (RuntimeException e) {
      overlay.close();
      throw e;
    }
  }

  @Override
  public void close() {
    healthy.close();
  }
}
