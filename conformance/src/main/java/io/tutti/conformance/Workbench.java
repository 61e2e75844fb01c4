package io.tutti.conformance;

import io.tutti.api.UnsupportedGraphException;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.backend.Support;
import io.tutti.api.graph.Graph;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.WeightStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of one run share: the provider, its opened backend, the golden checkpoints. Used
 * by one thread; closed once.
 */
final class Workbench implements AutoCloseable {
  private final BackendProvider provider;
  private final BackendOptions options;
  private final Map<Path, Golden> goldens = new LinkedHashMap<>();
  private @Nullable Backend backend;

  Workbench(BackendProvider provider, BackendOptions options) {
    this.provider = provider;
    this.options = options;
  }

  BackendProvider provider() {
    return provider;
  }

  BackendOptions options() {
    return options;
  }

  /** The backend, opened at first use; ends the check as skipped where it is not available. */
  Backend backend() {
    Backend opened = backend;
    if (opened == null) {
      if (provider.availability()
          instanceof Availability.Unavailable(String reason, String remedy)) {
        throw CheckStopped.skipped(
            "backend " + provider.name() + " is not available here: " + reason + " - " + remedy);
      }
      opened = provider.open(options);
      backend = opened;
    }
    return opened;
  }

  /** A golden folder, opened at first use. */
  Golden golden(Path folder) {
    return goldens.computeIfAbsent(folder, Golden::open);
  }

  /**
   * Compiles, and holds the backend to what it says before: if it says supported, it must compile;
   * if not, it must refuse, and the check ends as unsupported with its reason.
   */
  CompiledModel compile(Graph graph, WeightStore weights, Limits limits) {
    CapabilityReport report = check(graph, weights, limits);
    if (!report.supported()) {
      Expect.thrown(
          UnsupportedGraphException.class,
          "compile of a graph that check calls unsupported",
          () -> backend().compile(graph, weights, limits, ProgressListener.NONE).close());
      throw CheckStopped.unsupported(reasons(report));
    }
    try {
      CompiledModel model = backend().compile(graph, weights, limits, ProgressListener.NONE);
      Expect.that(
          model.graph().equals(graph), "graph() of the model (expected: the graph compiled)");
      Expect.that(
          model.limits().equals(limits), "limits() of the model (expected: those compiled for)");
      return model;
    } catch (UnsupportedGraphException e) {
      throw CheckStopped.failed("compile refused what check calls supported: " + e.getMessage());
    }
  }

  /** Asks the backend, and checks the form of its answer. */
  CapabilityReport check(Graph graph, WeightStore weights, Limits limits) {
    CapabilityReport report = backend().check(graph, weights, limits);
    Expect.equal(report.verdicts().size(), graph.nodes().size(), "verdicts of check");
    for (int i = 0; i < graph.nodes().size(); i++) {
      CapabilityReport.NodeVerdict verdict = report.verdicts().get(i);
      Expect.that(
          verdict.node().equals(graph.nodes().get(i).name())
              && verdict.op().equals(graph.nodes().get(i).op()),
          "verdict " + i + ": " + verdict + " (expected: of " + graph.nodes().get(i).name() + ")");
      if (verdict.support() instanceof Support.Unsupported(String reason)) {
        Expect.that(!reason.isBlank(), "reason of " + verdict.node() + " (expected: not blank)");
      }
    }
    return report;
  }

  private static String reasons(CapabilityReport report) {
    String limitations = String.join("; ", report.limitations());
    String nodes =
        report.unsupported().stream()
            .map(v -> v.op() + ": " + ((Support.Unsupported) v.support()).reason())
            .distinct()
            .limit(3)
            .collect(Collectors.joining("; "));
    return limitations + (limitations.isEmpty() || nodes.isEmpty() ? "" : "; ") + nodes;
  }

  /** Runs work on weights that are made for it and closed after it. */
  static <T> T withWeights(Function<MadeWeights, T> work) {
    try (MadeWeights weights = new MadeWeights()) {
      return work.apply(weights);
    }
  }

  /** All types that weights may have. */
  static List<DType> weightTypes() {
    return List.of(DType.values()).stream().filter(DType::weightType).toList();
  }

  @Override
  public void close() {
    if (backend != null) {
      backend.close();
      backend = null;
    }
    goldens.values().forEach(Golden::close);
    goldens.clear();
  }
}
