package io.tutti.conformance.mutant;

import java.util.List;
import java.util.stream.Stream;

/** All mutants. */
public final class Mutants {
  private Mutants() {}

  /** Every mutant that the kit must catch. */
  public static List<Mutant> all() {
    return Stream.of(
            FormulaMutants.all(), StepMutants.all(), SequenceMutants.all(), PromiseMutants.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Returns a mutant by name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Mutant named(String name) {
    return all().stream()
        .filter(mutant -> mutant.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "mutant: "
                        + name
                        + " (expected: one of "
                        + all().stream().map(Mutant::name).toList()
                        + ")"));
  }
}
