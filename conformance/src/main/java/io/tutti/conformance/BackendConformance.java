package io.tutti.conformance;

import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * The kit as a JUnit test. To hold a backend to it, extend this class in the backend's own tests:
 *
 * {@snippet :
 * class MyBackendConformanceTest extends BackendConformance {
 *   @Override
 *   protected BackendProvider provider() {
 *     return new MyBackendProvider();
 *   }
 * }
 * }
 *
 * Every check is a dynamic test of its own. What the backend declares unsupported, and what cannot
 * be checked on the machine, is reported as aborted with the reason: never as passed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendConformance {
  private @Nullable Workbench bench;

  /** For subclasses. */
  protected BackendConformance() {}

  /** The backend to hold to the contract; asked once. */
  protected abstract BackendProvider provider();

  /** Options that the backend is opened with. */
  protected BackendOptions options() {
    return BackendOptions.defaults();
  }

  /** Golden folders to use in the place of those that ship with the kit; empty for those. */
  protected List<Path> goldens() {
    return List.of();
  }

  @TestFactory
  @DisplayName("the provider keeps its contract")
  Stream<DynamicTest> providerContract() {
    return tests(Group.PROVIDER);
  }

  @TestFactory
  @DisplayName("what the backend declares is true")
  Stream<DynamicTest> capability() {
    return tests(Group.CAPABILITY);
  }

  @TestFactory
  @DisplayName("every operation computes its formula")
  Stream<DynamicTest> operations() {
    return tests(Group.OPERATIONS);
  }

  @TestFactory
  @DisplayName("golden checkpoints come out as recorded")
  Stream<DynamicTest> goldenCheckpoints() {
    return tests(Group.GOLDENS);
  }

  @TestFactory
  @DisplayName("every node of the golden checkpoints computes its formula")
  Stream<DynamicTest> goldenNodes() {
    return tests(Group.NODES);
  }

  @TestFactory
  @DisplayName("a step keeps its contract")
  Stream<DynamicTest> step() {
    return tests(Group.STEP);
  }

  @TestFactory
  @DisplayName("sequences are independent and forget")
  Stream<DynamicTest> cache() {
    return tests(Group.CACHE);
  }

  @TestFactory
  @DisplayName("errors are refused and change nothing")
  Stream<DynamicTest> lifecycle() {
    return tests(Group.LIFECYCLE);
  }

  @AfterAll
  void closeBackend() {
    if (bench != null) {
      bench.close();
    }
  }

  private Stream<DynamicTest> tests(Group group) {
    Workbench shared = workbench();
    return ConformanceRun.of(shared.provider(), shared.options())
        .withGoldens(goldens())
        .withGroups(Set.of(group))
        .checks()
        .stream()
        .map(check -> DynamicTest.dynamicTest(check.name(), () -> test(check, shared)));
  }

  private static void test(Check check, Workbench bench) {
    switch (check.run(bench).outcome()) {
      case Outcome.Pass pass -> {}
      case Outcome.Fail(String reason) -> throw new AssertionError(reason);
      case Outcome.Unsupported(String reason) ->
          throw new TestAbortedException("unsupported: " + reason);
      case Outcome.Skipped(String reason) -> throw new TestAbortedException("skipped: " + reason);
    }
  }

  private Workbench workbench() {
    Workbench shared = bench;
    if (shared == null) {
      shared = new Workbench(provider(), options());
      bench = shared;
    }
    return shared;
  }
}
