package io.tutti.api.backend;

import io.tutti.api.BackendException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a user may set when a backend is opened.
 *
 * @param threads compute threads; 0 lets the backend choose
 * @param extra options that only this backend knows, by name
 */
public record BackendOptions(int threads, Map<String, String> extra) {
  /** Copies the map and validates the number. */
  public BackendOptions {
    extra = Map.copyOf(extra);
    if (threads < 0 || threads > 4096) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: 0..4096)");
    }
  }

  /** Returns options that leave everything to the backend. */
  public static BackendOptions defaults() {
    return new BackendOptions(0, Map.of());
  }

  /** Returns options with a number of threads. */
  public static BackendOptions withThreads(int threads) {
    return new BackendOptions(threads, Map.of());
  }

  /**
   * Refuses options that a backend does not know.
   *
   * @throws BackendException naming the unknown options and those known
   */
  public void requireOnly(String backend, Set<String> known) {
    Set<String> unknown = new TreeSet<>(extra.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new BackendException(
          "backend "
              + backend
              + ": unknown options "
              + unknown
              + " (expected: "
              + new TreeSet<>(known)
              + ")");
    }
  }
}
