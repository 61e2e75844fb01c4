package io.tutti.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpiVersionRangeTest {
  @ParameterizedTest
  @CsvSource({
    // min, max, host, accepted
    "1,0, 1,0, 1,0, true",
    "1,0, 1,0, 1,7, true", // minors only add
    "1,3, 1,3, 1,2, false", // the host lacks what the plugin needs
    "1,0, 1,9, 2,0, false",
    "1,0, 2,0, 2,5, true",
    "2,0, 2,0, 1,9, false",
  })
  void acceptsHostsOfTheSameMajorThatAreNewEnough(
      int minMajor,
      int minMinor,
      int maxMajor,
      int maxMinor,
      int hostMajor,
      int hostMinor,
      boolean accepted) {
    SpiVersionRange range =
        new SpiVersionRange(new SpiVersion(minMajor, minMinor), new SpiVersion(maxMajor, maxMinor));
    assertThat(range.accepts(new SpiVersion(hostMajor, hostMinor))).isEqualTo(accepted);
  }

  @Test
  void aPluginBuiltAgainstThisJarIsAccepted() {
    assertThat(
            SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR)
                .accepts(SpiVersion.current()))
        .isTrue();
  }

  @Test
  void refusesARangeThatIsUpsideDown() {
    assertThatThrownBy(() -> new SpiVersionRange(new SpiVersion(2, 0), new SpiVersion(1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2.0, 1.0]");
  }
}
