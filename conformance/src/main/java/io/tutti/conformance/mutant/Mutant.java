package io.tutti.conformance.mutant;

import io.tutti.api.backend.BackendProvider;
import io.tutti.conformance.Group;

/** A fault with a name, and where the kit must catch it. */
public final class Mutant {
  private final String name;
  private final String fault;
  private final Group caughtBy;
  private final Fault plan;

  Mutant(String name, String fault, Group caughtBy, Fault plan) {
    this.name = name;
    this.fault = fault;
    this.caughtBy = caughtBy;
    this.plan = plan;
  }

  /** Short name, such as {@code rope-halves-swapped}. */
  public String name() {
    return name;
  }

  /** What is wrong with it, in a sentence. */
  public String fault() {
    return fault;
  }

  /** The group of checks that must fail; others may too. */
  public Group caughtBy() {
    return caughtBy;
  }

  /** A provider of the same name that opens the healthy one's backends with this fault. */
  public BackendProvider plantIn(BackendProvider healthy) {
    return new MutantProvider(healthy, plan);
  }

  @Override
  public String toString() {
    return name + ": " + fault;
  }
}
