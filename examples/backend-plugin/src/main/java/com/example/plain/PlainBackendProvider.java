package com.example.plain;

import io.tutti.api.SpiVersion;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.backend.Availability;
import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.BackendProvider;
import java.util.Set;

/** The entry point: named in {@code META-INF/services}, made early, so it does nothing. */
public final class PlainBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String description() {
    return "An example: plain Java loops in f32, one thread.";
  }

  @Override
  public String version() {
    return "1.0.0";
  }

  /** The two constants are inlined here by the compiler: they say what this was built against. */
  @Override
  public SpiVersionRange spiVersions() {
    return SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR);
  }

  /** A backend for a device would look for it here, and answer Unavailable with a remedy. */
  @Override
  public Availability availability() {
    return new Availability.Available("plain Java");
  }

  /** Lower than the backends that are fast: users get this one by name only. */
  @Override
  public int priority() {
    return 1;
  }

  @Override
  public Backend open(BackendOptions options) {
    options.requireOnly(name(), Set.of()); // an option that we ignored would be a lie
    return new PlainBackend();
  }
}
