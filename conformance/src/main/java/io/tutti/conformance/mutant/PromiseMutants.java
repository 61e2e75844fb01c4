package io.tutti.conformance.mutant;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Numerics;
import io.tutti.api.backend.Support;
import io.tutti.api.graph.Graph;
import io.tutti.api.weights.WeightStore;
import io.tutti.conformance.Group;
import java.util.List;
import java.util.Map;

/** Backends that declare something else than they do. */
final class PromiseMutants {
  private PromiseMutants() {}

  static List<Mutant> all() {
    return List.of(
        new Mutant(
            "unsupported-runs-silently",
            "says that attention is unsupported, and runs it all the same",
            Group.GOLDENS,
            new Fault() {
              @Override
              public CapabilityReport check(
                  Backend healthy, Graph graph, WeightStore weights, Limits limits) {
                return verdicts(
                    healthy.check(graph, weights, limits),
                    v ->
                        v.op().equals("Attention") ? Support.no("no attention here") : v.support());
              }

              @Override
              public boolean refuses() {
                return false;
              }
            }),
        new Mutant(
            "everything-supported",
            "calls everything supported before it looks",
            Group.CAPABILITY,
            new Fault() {
              @Override
              public CapabilityReport check(
                  Backend healthy, Graph graph, WeightStore weights, Limits limits) {
                return verdicts(healthy.check(graph, weights, limits), v -> Support.yes());
              }
            }),
        new Mutant(
            "error-overstated",
            "declares a larger error than its class of arithmetic may have",
            Group.GOLDENS,
            new Fault() {
              @Override
              public CapabilityReport check(
                  Backend healthy, Graph graph, WeightStore weights, Limits limits) {
                CapabilityReport report = healthy.check(graph, weights, limits);
                Numerics n = report.numerics();
                return new CapabilityReport(
                    report.verdicts(),
                    report.memory(),
                    new Numerics(
                        n.accumulator(),
                        n.activations(),
                        n.cache(),
                        n.reductions(),
                        n.deterministic(),
                        n.batchInvariant(),
                        0.5),
                    report.limitations());
              }
            }),
        new Mutant(
            "options-ignored",
            "accepts options that it does not know",
            Group.PROVIDER,
            new Fault() {
              @Override
              public BackendOptions options(BackendOptions options) {
                return new BackendOptions(options.threads(), Map.of());
              }
            }));
  }

  private interface Verdict {
    Support of(CapabilityReport.NodeVerdict verdict);
  }

  private static CapabilityReport verdicts(CapabilityReport report, Verdict verdict) {
    return new CapabilityReport(
        report.verdicts().stream()
            .map(v -> new CapabilityReport.NodeVerdict(v.node(), v.op(), verdict.of(v)))
            .toList(),
        report.memory(),
        report.numerics(),
        report.limitations());
  }
}
