package io.tutti.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tutti.api.backend.BackendOptions;
import io.tutti.conformance.ConformanceRun;
import io.tutti.conformance.mutant.Mutant;
import io.tutti.conformance.mutant.Mutants;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Proves the kit: every fault planted in the oracle is caught, by the group that should see it. */
class ReferenceMutantsTest {
  @TestFactory
  Stream<DynamicTest> everyMutantIsCaught() {
    return Mutants.all().stream()
        .map(mutant -> DynamicTest.dynamicTest(mutant.toString(), () -> isCaught(mutant)));
  }

  private static void isCaught(Mutant mutant) {
    ConformanceRun run =
        ConformanceRun.of(
                mutant.plantIn(new ReferenceBackendProvider()), BackendOptions.withThreads(1))
            .withGroups(Set.of(mutant.caughtBy()));
    assertThat(run.runToFirstFailure().passed()).as(mutant.fault()).isFalse();
  }
}
