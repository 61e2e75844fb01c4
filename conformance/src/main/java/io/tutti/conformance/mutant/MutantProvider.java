package io.tutti.conformance.mutant;

import io.tutti.api.SpiVersionRange;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;

/** Opens backends with a fault. */
final class MutantProvider implements BackendProvider {
  private final BackendProvider healthy;
  private final Fault fault;

  MutantProvider(BackendProvider healthy, Fault fault) {
    this.healthy = healthy;
    this.fault = fault;
  }

  @Override
  public String name() {
    return healthy.name();
  }

  @Override
  public String description() {
    return healthy.description();
  }

  @Override
  public String version() {
    return healthy.version();
  }

  @Override
  public SpiVersionRange spiVersions() {
    return healthy.spiVersions();
  }

  @Override
  public Availability availability() {
    return healthy.availability();
  }

  @Override
  public Backend open(BackendOptions options) {
    return new MutantBackend(healthy.open(fault.options(options)), fault);
  }
}
