package io.tutti.model.qwen2;

import io.tutti.api.graph.RopePlan;
import io.tutti.api.model.ConfigTree;

/**
 * What both families read from a configuration, checked.
 *
 * @param vocabSize rows of the embedding; {@code vocab_size}
 * @param hiddenSize width of the residual stream; {@code hidden_size}
 * @param intermediateSize width of a dense feed-forward block; {@code intermediate_size}
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}
 * @param kvHeads {@code num_key_value_heads}; as many as heads where absent
 * @param headDim {@code head_dim}; {@code hiddenSize / heads} where absent
 * @param rmsNormEps {@code rms_norm_eps}
 * @param tied {@code tie_word_embeddings}
 * @param rope plan of the positions
 * @param maxPositions longest sequence
 */
record DecoderConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double rmsNormEps,
    boolean tied,
    RopePlan rope,
    int maxPositions) {
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_LAYERS = 512;

  static DecoderConfig of(ConfigTree config) {
    int hiddenSize = config.requireInt("hidden_size", 2, MAX_WIDTH);
    int heads = config.requireInt("num_attention_heads", 1, 4096);
    if (!config.has("head_dim") && hiddenSize % heads != 0) {
      throw config.wrong("num_attention_heads", heads, "a divisor of hidden_size " + hiddenSize);
    }
    String activation = config.string("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw config.wrong("hidden_act", activation, "silu");
    }
    int maxPositionEmbeddings = config.requireInt("max_position_embeddings", 1, Integer.MAX_VALUE);
    RopePlan rope = RopeField.plan(config, maxPositionEmbeddings);
    return new DecoderConfig(
        config.requireInt("vocab_size", 1, 1 << 24),
        hiddenSize,
        config.requireInt("intermediate_size", 1, 1 << 24),
        config.requireInt("num_hidden_layers", 1, MAX_LAYERS),
        heads,
        config.intOr("num_key_value_heads", 1, heads, heads),
        config.intOr("head_dim", 2, 1 << 16, Math.max(1, hiddenSize / heads)),
        config.doubleOr("rms_norm_eps", 1e-6),
        config.booleanOr("tie_word_embeddings", false),
        rope,
        RopeField.maxPositions(rope, maxPositionEmbeddings));
  }
}
