package io.tutti.api.backend;

import java.util.Map;

/**
 * The device behind an opened backend, for people and reports.
 *
 * @param name such as {@code "AMD EPYC 9655, 2 threads"}
 * @param kind {@code cpu}, {@code gpu} or what fits
 * @param threads compute threads used; 0 where that has no meaning
 * @param memoryBytes memory that models can use; 0 if unknown
 * @param properties further facts, such as instruction sets or driver versions
 */
public record DeviceDescription(
    String name, String kind, int threads, long memoryBytes, Map<String, String> properties) {
  /** Copies the map. */
  public DeviceDescription {
    properties = Map.copyOf(properties);
  }
}
