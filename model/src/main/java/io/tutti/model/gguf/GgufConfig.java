package io.tutti.model.gguf;

import io.tutti.api.CheckpointException;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file's metadata as a configuration in Hugging Face field names.
 *
 * <p>Keys after the ggml project's {@code docs/gguf.md} and the names that llama.cpp's converter
 * writes. Where the file leaves something to its reader, llama.cpp's reading is taken: heads share
 * no output weight if {@code output.weight} is there, the top-k of {@code qwen2moe} is not
 * renormalised, and no layer slides.
 */
public final class GgufConfig {
  private final GgufFile file;
  private final String architecture;
  private final Map<String, Object> fields = new LinkedHashMap<>();

  private GgufConfig(GgufFile file, String architecture) {
    this.file = file;
    this.architecture = architecture;
  }

  /**
   * Reads the configuration.
   *
   * @throws CheckpointException if the architecture is not a Qwen2 one or a value makes no sense
   */
  public static ConfigTree of(GgufFile file) {
    String architecture =
        file.text("general.architecture")
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "general.architecture: missing (expected: qwen2 or qwen2moe), in "
                            + file.path()));
    String modelType =
        switch (architecture) {
          case "qwen2" -> "qwen2";
          case "qwen2moe" -> "qwen2_moe";
          default ->
              throw new CheckpointException(
                  "general.architecture: "
                      + architecture
                      + " (expected: qwen2 or qwen2moe), in "
                      + file.path());
        };
    if (file.scalar("split.count").filter(count -> !count.equals(1L)).isPresent()) {
      throw new CheckpointException(
          "split.count: "
              + file.scalar("split.count").get()
              + " (expected: one file; join the parts with `llama-gguf-split --merge`), in "
              + file.path());
    }
    GgufConfig config = new GgufConfig(file, architecture);
    config.fields.put("model_type", modelType);
    config.common();
    config.rope();
    config.tokens();
    if (modelType.equals("qwen2_moe")) {
      config.experts();
    }
    return ConfigTree.of(file.path().toString(), config.fields);
  }

  private void common() {
    copy("block_count", "num_hidden_layers");
    copy("context_length", "max_position_embeddings");
    copy("embedding_length", "hidden_size");
    copy("feed_forward_length", "intermediate_size");
    copy("attention.head_count", "num_attention_heads");
    copy("attention.head_count_kv", "num_key_value_heads");
    copy("attention.layer_norm_rms_epsilon", "rms_norm_eps");
    copy("attention.key_length", "head_dim");
    copy("attention.sliding_window", "sliding_window");
    Optional<Object> valueLength = own("attention.value_length");
    if (valueLength.isPresent() && !valueLength.equals(own("attention.key_length"))) {
      throw wrong("attention.value_length", valueLength.get(), "the same as attention.key_length");
    }
    fields.put("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
    GgufFile.Tensor embedding = file.tensors().get("token_embd.weight");
    if (embedding != null && embedding.shape().rank() == 2) {
      fields.put("vocab_size", embedding.shape().dim(0));
    }
  }

  private void rope() {
    copy("rope.freq_base", "rope_theta");
    Optional<Object> rotated = own("rope.dimension_count");
    if (rotated.isPresent() && !rotated.get().equals(headDim())) {
      throw wrong("rope.dimension_count", rotated.get(), "the whole head, " + headDim());
    }
    Object type = own("rope.scaling.type").orElse("none");
    if (type.equals("none")) {
      return;
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", type);
    own("rope.scaling.factor").ifPresent(value -> scaling.put("factor", value));
    own("rope.scaling.original_context_length")
        .ifPresent(value -> scaling.put("original_max_position_embeddings", value));
    own("rope.scaling.yarn_beta_fast").ifPresent(value -> scaling.put("beta_fast", value));
    own("rope.scaling.yarn_beta_slow").ifPresent(value -> scaling.put("beta_slow", value));
    neutral("rope.scaling.attn_factor", 1.0);
    neutral("rope.scaling.yarn_attn_factor", 1.0);
    neutral("rope.scaling.yarn_ext_factor", 1.0);
    neutral("rope.scaling.yarn_log_multiplier", 0.0);
    fields.put("rope_scaling", scaling);
  }

  /** Refuses a key whose value would change the result and that no Qwen2 checkpoint uses. */
  private void neutral(String key, Object value) {
    Optional<Object> found = own(key);
    if (found.isPresent() && !found.get().equals(value)) {
      throw wrong(key, found.get(), value.toString());
    }
  }

  private Object headDim() {
    Object explicit = fields.get("head_dim");
    if (explicit != null) {
      return explicit;
    }
    return fields.get("hidden_size") instanceof Long hidden
            && fields.get("num_attention_heads") instanceof Long heads
            && heads > 0
        ? hidden / heads
        : "unknown";
  }

  private void tokens() {
    copyKey("tokenizer.ggml.bos_token_id", "bos_token_id");
    copyKey("tokenizer.ggml.eos_token_id", "eos_token_id");
    copyKey("tokenizer.ggml.padding_token_id", "pad_token_id");
  }

  private void experts() {
    copy("expert_count", "num_experts");
    copy("expert_used_count", "num_experts_per_tok");
    copy("expert_feed_forward_length", "moe_intermediate_size");
    copy("expert_shared_feed_forward_length", "shared_expert_intermediate_size");
    copy("expert_weights_norm", "norm_topk_prob");
    neutral("expert_weights_scale", 1.0);
    neutral("expert_gating_func", 1L); // softmax
    // Early converters wrote no widths: the tensors have them. Axis 1 of [experts, out, in].
    widthOf("ffn_gate_exps.weight", 3, "moe_intermediate_size");
    widthOf("ffn_gate_shexp.weight", 2, "shared_expert_intermediate_size");
    List<Object> dense = new ArrayList<>();
    if (fields.get("num_hidden_layers") instanceof Long layers) {
      for (int i = 0; i < Math.min(layers, 512); i++) {
        if (file.tensors().containsKey("blk." + i + ".ffn_gate.weight")
            && !file.tensors().containsKey("blk." + i + ".ffn_gate_inp.weight")) {
          dense.add(i);
        }
      }
    }
    fields.put("mlp_only_layers", dense);
  }

  private void widthOf(String tensorName, int rank, String field) {
    if (fields.containsKey(field)) {
      return;
    }
    for (GgufFile.Tensor tensor : file.tensors().values()) {
      Shape shape = tensor.shape();
      if (tensor.name().endsWith("." + tensorName) && shape.rank() == rank) {
        fields.put(field, shape.dim(rank - 2));
        return;
      }
    }
  }

  private void copy(String key, String field) {
    copyKey(architecture + "." + key, field);
  }

  private void copyKey(String key, String field) {
    file.scalar(key).ifPresent(value -> fields.put(field, value));
  }

  private Optional<Object> own(String key) {
    return file.scalar(architecture + "." + key);
  }

  private CheckpointException wrong(String key, Object found, String expected) {
    return new CheckpointException(
        architecture
            + "."
            + key
            + ": "
            + found
            + " (expected: "
            + expected
            + "), in "
            + file.path());
  }
}
