package io.tutti.backend.reference;

import io.tutti.api.SpiVersion;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import java.util.Set;

/** Finds the reference backend: always available, never preferred. */
public final class ReferenceBackendProvider implements BackendProvider {
  static final String NAME = "reference";

  /** For {@link java.util.ServiceLoader}. */
  public ReferenceBackendProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Scalar Java in binary64: the oracle that other backends are held to; slow.";
  }

  @Override
  public String version() {
    return "0.1.0";
  }

  @Override
  public SpiVersionRange spiVersions() {
    return SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR);
  }

  @Override
  public Availability availability() {
    return new Availability.Available("plain Java, binary64");
  }

  /** Last: it is chosen by name or not at all. */
  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Backend open(BackendOptions options) {
    options.requireOnly(NAME, Set.of());
    int threads =
        options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    return new ReferenceBackend(threads);
  }
}
