package io.tutti.conformance;

import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Runs the kit without JUnit: the same checks as {@link BackendConformance}, for the command line
 * and for programs. Immutable; {@code with...} methods return a changed copy.
 */
public final class ConformanceRun {
  private final BackendProvider provider;
  private final BackendOptions options;
  private final List<Path> goldens;
  private final Set<Group> groups;

  private ConformanceRun(
      BackendProvider provider, BackendOptions options, List<Path> goldens, Set<Group> groups) {
    this.provider = provider;
    this.options = options;
    this.goldens = List.copyOf(goldens);
    this.groups = Set.copyOf(groups);
  }

  /** Every check, with the goldens that ship in the kit. */
  public static ConformanceRun of(BackendProvider provider, BackendOptions options) {
    return new ConformanceRun(provider, options, List.of(), EnumSet.allOf(Group.class));
  }

  /**
   * The same with other golden folders in the place of those that ship.
   *
   * @param folders each with {@code config.json}, weights and {@code golden.safetensors}; empty for
   *     those that ship
   */
  public ConformanceRun withGoldens(List<Path> folders) {
    return new ConformanceRun(provider, options, folders, groups);
  }

  /** The same, of these groups only. */
  public ConformanceRun withGroups(Set<Group> only) {
    return new ConformanceRun(provider, options, goldens, only);
  }

  /** Is told about each check when it has been made. */
  @FunctionalInterface
  public interface Listener {
    /** A listener that ignores everything. */
    Listener NONE = (result, done, total) -> {};

    /**
     * A check has been made.
     *
     * @param result what came of it
     * @param done checks made so far
     * @param total checks in all
     */
    void done(CheckResult result, int done, int total);
  }

  /** Makes the checks, one after the other, on the calling thread. */
  public ConformanceReport run(Listener listener) {
    return run(listener, false);
  }

  /** Makes the checks until one fails: enough to know that a backend is not conforming. */
  public ConformanceReport runToFirstFailure() {
    return run(Listener.NONE, true);
  }

  private ConformanceReport run(Listener listener, boolean stopAtFailure) {
    List<Check> checks = checks();
    List<CheckResult> results = new ArrayList<>(checks.size());
    try (Workbench bench = new Workbench(provider, options)) {
      for (Check check : checks) {
        CheckResult result = check.run(bench);
        results.add(result);
        listener.done(result, results.size(), checks.size());
        if (stopAtFailure && result.outcome() instanceof Outcome.Fail) {
          break;
        }
      }
      return new ConformanceReport(
          provider.name(), provider.version(), fingerprint(bench), results);
    }
  }

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Group group : Group.values()) {
      if (groups.contains(group)) {
        checks.addAll(
            switch (group) {
              case PROVIDER -> ProviderChecks.all();
              case CAPABILITY -> CapabilityChecks.all();
              case OPERATIONS -> OperationChecks.all();
              case GOLDENS, NODES ->
                  GoldenChecks.all(goldens.isEmpty() ? BuiltInGoldens.folders() : goldens).stream()
                      .filter(check -> check.group() == group)
                      .toList();
              case STEP -> StepChecks.all();
              case CACHE -> CacheChecks.all();
              case LIFECYCLE -> LifecycleChecks.all();
            });
      }
    }
    return checks;
  }

  private static String fingerprint(Workbench bench) {
    try {
      Golden golden = bench.golden(BuiltInGoldens.folder(BuiltInGoldens.NAMES.getFirst()));
      CapabilityReport report =
          bench.backend().check(golden.graph(), golden.weights(), new Limits(16, 1, 16));
      return report.numerics().fingerprint();
    } catch (RuntimeException e) {
      return "unknown"; // whatever went wrong, a check has said it already
    }
  }
}
