package io.tutti.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tutti.api.CheckpointException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTreeTest {
  @Test
  void messagesNameFieldFindingAndFile() {
    ConfigTree config =
        ConfigTree.of(
            "x/config.json", Map.of("rope_scaling", Map.of("factor", "four"), "layers", 0));
    assertThatThrownBy(() -> config.requireInt("layers", 1, 512))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("layers: 0 (expected: an integer in [1, 512]), in x/config.json");
    assertThatThrownBy(() -> config.tree("rope_scaling").orElseThrow().requireDouble("factor"))
        .hasMessageContaining("rope_scaling.factor: four");
    assertThatThrownBy(() -> config.requireString("model_type"))
        .hasMessageContaining("model_type: missing");
  }

  @Test
  void nullIsAbsentAndNumbersAreNormalised() {
    Map<String, Object> values = new HashMap<>();
    values.put("sliding_window", null);
    values.put("theta", 1_000_000);
    values.put("list", Arrays.asList(1, 2));
    ConfigTree config = ConfigTree.of("test", values);
    assertThat(config.has("sliding_window")).isFalse();
    assertThat(config.intOr("sliding_window", 0, 10, 7)).isEqualTo(7);
    assertThat(config.requireDouble("theta")).isEqualTo(1e6);
    assertThat(config.ints("list", 0, 9)).isEqualTo(List.of(1, 2));
  }

  @Test
  void numbersBeyondALongAreOutOfRangeNotWrapped() {
    ConfigTree config =
        ConfigTree.of("test", Map.of("n", new java.math.BigInteger("18446744073709551617")));
    assertThatThrownBy(() -> config.requireInt("n", 0, 100))
        .isInstanceOf(CheckpointException.class);
  }
}
