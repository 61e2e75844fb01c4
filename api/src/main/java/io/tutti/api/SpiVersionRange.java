package io.tutti.api;

import java.util.Objects;

/**
 * The SPI versions that a plugin can speak, both ends included.
 *
 * @param min oldest version the plugin works with
 * @param max newest version the plugin was tested with
 */
public record SpiVersionRange(SpiVersion min, SpiVersion max) {
  /** Validates the order. */
  public SpiVersionRange {
    Objects.requireNonNull(min, "min");
    Objects.requireNonNull(max, "max");
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "SPI range: [" + min + ", " + max + "] (expected: min <= max)");
    }
  }

  /**
   * The usual declaration of a plugin: {@code SpiVersionRange.builtAgainst(SpiVersion.MAJOR,
   * SpiVersion.MINOR)}. The two constants are inlined into the plugin when it is compiled.
   */
  public static SpiVersionRange builtAgainst(int major, int minor) {
    return new SpiVersionRange(new SpiVersion(major, 0), new SpiVersion(major, minor));
  }

  /**
   * Tells whether a host of this version can load the plugin. A newer minor of the host is fine,
   * because minors only add; an older minor than the plugin's {@code min} or another major is not.
   */
  public boolean accepts(SpiVersion host) {
    return host.compareTo(min) >= 0 && host.major() <= max.major();
  }

  @Override
  public String toString() {
    return "[" + min + ", " + max + "]";
  }
}
