package io.tutti.model.qwen2;

import io.tutti.api.CheckpointException;
import io.tutti.api.graph.RopePlan;
import io.tutti.api.model.ConfigTree;
import java.util.Optional;
import java.util.Set;

/**
 * The rope plan of a configuration, in either style: {@code rope_theta} with {@code
 * rope_scaling{type | rope_type, ...}}, or {@code rope_parameters{rope_type, rope_theta, ...}}.
 *
 * <p>Semantics after Hugging Face's {@code modeling_rope_utils.py}. A type or field that is not
 * known here is an error: guessing would change every angle.
 */
final class RopeField {
  private static final double DEFAULT_THETA = 10_000;
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "rope_type",
          "rope_theta",
          "factor",
          "original_max_position_embeddings",
          "attention_factor",
          "beta_fast",
          "beta_slow",
          "truncate",
          "partial_rotary_factor");

  private RopeField() {}

  static RopePlan plan(ConfigTree config, int maxPositionEmbeddings) {
    Optional<ConfigTree> parameters = parameters(config);
    double theta =
        parameters
            .filter(tree -> tree.has("rope_theta"))
            .or(() -> config.tree("rope_parameters").filter(tree -> tree.has("rope_theta")))
            .orElse(config)
            .doubleOr("rope_theta", DEFAULT_THETA);
    if (parameters.isEmpty()) {
      return new RopePlan.Plain(theta);
    }
    ConfigTree rope = parameters.get();
    for (String name : rope.names()) {
      if (!KNOWN.contains(name)) {
        throw rope.wrong(name, rope.value(name).orElse(""), "no such field; known are " + KNOWN);
      }
    }
    if (rope.doubleOr("partial_rotary_factor", 1) != 1) {
      throw rope.wrong("partial_rotary_factor", rope.value("partial_rotary_factor").get(), "1");
    }
    return switch (type(rope)) {
      case "default" -> new RopePlan.Plain(theta);
      case "linear" -> new RopePlan.Linear(theta, rope.requireDouble("factor"));
      case "yarn" -> yarn(rope, theta, maxPositionEmbeddings);
      case String other -> throw unknownType(rope, other);
    };
  }

  /**
   * Longest sequence that the configuration allows: YaRN stretches the original context by its
   * factor, whether or not {@code max_position_embeddings} was edited to say so.
   */
  static int maxPositions(RopePlan plan, int maxPositionEmbeddings) {
    return switch (plan) {
      case RopePlan.Plain plain -> maxPositionEmbeddings;
      case RopePlan.Linear linear -> maxPositionEmbeddings;
      case RopePlan.Yarn yarn ->
          (int)
              Math.clamp(
                  Math.floor(yarn.originalMaxPositions() * yarn.factor()),
                  maxPositionEmbeddings,
                  Integer.MAX_VALUE);
    };
  }

  /** The object that holds the plan; Hugging Face lets the older name win where both are there. */
  static Optional<ConfigTree> parameters(ConfigTree config) {
    return config.tree("rope_scaling").or(() -> config.tree("rope_parameters"));
  }

  private static RopePlan yarn(ConfigTree rope, double theta, int maxPositionEmbeddings) {
    double factor = rope.requireDouble("factor");
    return new RopePlan.Yarn(
        theta,
        factor,
        rope.intOr("original_max_position_embeddings", 1, Integer.MAX_VALUE, maxPositionEmbeddings),
        rope.doubleOr("beta_fast", 32),
        rope.doubleOr("beta_slow", 1),
        rope.doubleOr("attention_factor", RopePlan.Yarn.defaultAttentionFactor(factor)),
        rope.booleanOr("truncate", true));
  }

  private static String type(ConfigTree rope) {
    Optional<String> newer = rope.string("rope_type");
    Optional<String> older = rope.string("type");
    if (newer.isPresent() && older.isPresent() && !newer.equals(older)) {
      throw rope.wrong("type", older.get(), "the same as rope_type, which is " + newer.get());
    }
    return newer.or(() -> older).orElse("default");
  }

  private static CheckpointException unknownType(ConfigTree rope, String type) {
    return rope.wrong(
        rope.has("rope_type") ? "rope_type" : "type", type, "one of default, linear, yarn");
  }
}
