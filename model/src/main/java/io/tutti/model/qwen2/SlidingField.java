package io.tutti.model.qwen2;

import io.tutti.api.model.ConfigTree;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which layers slide. An explicit {@code layer_types} decides; without one the family's own rule
 * does, and the two families' rules differ.
 */
final class SlidingField {
  private SlidingField() {}

  /**
   * Returns the window of each layer, 0 where a token sees all positions.
   *
   * @param derived the family's rule for a layer, asked only where {@code use_sliding_window} is
   *     true and {@code layer_types} is absent
   */
  static int[] windows(ConfigTree config, int layers, IntPredicate derived) {
    int[] windows = new int[layers];
    boolean used = config.booleanOr("use_sliding_window", false);
    List<String> types = config.strings("layer_types");
    if (!types.isEmpty() && types.size() != layers) {
      throw config.wrong("layer_types", types.size() + " entries", layers + ", one for each layer");
    }
    for (int i = 0; i < layers; i++) {
      boolean slides = types.isEmpty() ? used && derived.test(i) : slides(config, types.get(i), i);
      if (slides && !used) {
        throw config.wrong("use_sliding_window", false, "true, because layer " + i + " slides");
      }
      if (slides) {
        windows[i] = config.requireInt("sliding_window", 1, Integer.MAX_VALUE);
      }
    }
    return windows;
  }

  private static boolean slides(ConfigTree config, String type, int layer) {
    return switch (type) {
      case "full_attention" -> false;
      case "sliding_attention" -> true;
      case String other ->
          throw config.wrong(
              "layer_types[" + layer + "]", other, "full_attention or sliding_attention");
    };
  }
}
