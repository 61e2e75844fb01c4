package io.tutti.model;

import io.tutti.api.model.ConfigTree;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Sampling parameters that a checkpoint recommends in {@code generation_config.json}; each empty
 * where it says nothing.
 *
 * @param doSample whether to sample at all; {@code do_sample}
 * @param temperature divides the logits; {@code temperature}
 * @param topK tokens kept; {@code top_k}
 * @param topP probability mass kept; {@code top_p}
 * @param minP probability kept, relative to the best; {@code min_p}
 * @param repetitionPenalty {@code repetition_penalty}
 */
public record GenerationDefaults(
    Optional<Boolean> doSample,
    OptionalDouble temperature,
    OptionalInt topK,
    OptionalDouble topP,
    OptionalDouble minP,
    OptionalDouble repetitionPenalty) {
  /** A checkpoint that recommends nothing. */
  public static final GenerationDefaults NONE =
      new GenerationDefaults(
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());

  /**
   * Reads the fields of {@code generation_config.json}.
   *
   * @throws io.tutti.api.CheckpointException if one is of a wrong type or out of range
   */
  public static GenerationDefaults of(ConfigTree config) {
    return new GenerationDefaults(
        config.has("do_sample")
            ? Optional.of(config.booleanOr("do_sample", false))
            : Optional.empty(),
        number(config, "temperature"),
        config.has("top_k")
            ? OptionalInt.of(config.requireInt("top_k", 0, Integer.MAX_VALUE))
            : OptionalInt.empty(),
        number(config, "top_p"),
        number(config, "min_p"),
        number(config, "repetition_penalty"));
  }

  private static OptionalDouble number(ConfigTree config, String name) {
    if (!config.has(name)) {
      return OptionalDouble.empty();
    }
    double value = config.requireDouble(name);
    if (value < 0) {
      throw config.wrong(name, value, ">= 0");
    }
    return OptionalDouble.of(value);
  }
}
