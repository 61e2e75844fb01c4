package io.tutti.api.backend;

import io.tutti.api.BackendException;
import io.tutti.api.SpiVersionRange;

/**
 * Entry point of a backend, found by {@link java.util.ServiceLoader}. The only type of a backend
 * that needs to be public.
 *
 * <p>Instances are created early and often: a constructor must be cheap, load nothing native, and
 * never throw. Implementations are thread-safe.
 */
public interface BackendProvider {
  /**
   * Short lower-case name by which users choose the backend, such as {@code cpu}; unique among
   * those present.
   */
  String name();

  /** One sentence for people: what the backend is. */
  String description();

  /** Version of the plugin itself. */
  String version();

  /**
   * The SPI versions this plugin speaks; return {@code
   * SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR)}.
   */
  SpiVersionRange spiVersions();

  /**
   * Tells whether the backend can work here, and why not. Never throws; loads nothing that would
   * stay.
   */
  Availability availability();

  /** Rank among the backends that are available when the user names none; higher wins. */
  default int priority() {
    return 5;
  }

  /**
   * Opens a device. The caller owns and closes it.
   *
   * @throws BackendException if the backend is not available or an option is unknown or out of
   *     range
   */
  Backend open(BackendOptions options);
}
