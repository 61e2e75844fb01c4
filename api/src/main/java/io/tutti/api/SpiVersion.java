package io.tutti.api;

/**
 * A version of the service-provider interface. A minor version only adds; a major one may break.
 *
 * @param major changes when a compiled plugin may no longer link or behave
 * @param minor changes when something optional was added
 */
public record SpiVersion(int major, int minor) implements Comparable<SpiVersion> {
  /**
   * Major version of the interface in this jar. A compile-time constant, so that a plugin carries
   * the number that it was built against and not that of the host which loads it.
   */
  public static final int MAJOR = 1;

  /** Minor version of the interface in this jar; a compile-time constant for the same reason. */
  public static final int MINOR = 0;

  /** Validates the numbers. */
  public SpiVersion {
    if (major < 0 || minor < 0) {
      throw new IllegalArgumentException(
          "SPI version: " + major + "." + minor + " (expected: both >= 0)");
    }
  }

  /** Returns the version that the running host speaks. */
  public static SpiVersion current() {
    return new SpiVersion(MAJOR, MINOR);
  }

  @Override
  public int compareTo(SpiVersion other) {
    int byMajor = Integer.compare(major, other.major);
    return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
