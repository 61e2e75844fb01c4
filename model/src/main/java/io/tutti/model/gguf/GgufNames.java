package io.tutti.model.gguf;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From ggml's tensor names to Hugging Face's, for {@code qwen2} and {@code qwen2moe}. A name that
 * is not known stays as it is.
 */
final class GgufNames {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,4})\\.(.+)");
  private static final Pattern OLD_EXPERT =
      Pattern.compile("ffn_(gate|up|down)\\.(\\d{1,5})\\.weight");

  private static final Map<String, String> OUTER =
      Map.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  private static final Map<String, String> INNER =
      Map.ofEntries(
          Map.entry("attn_norm.weight", "input_layernorm.weight"),
          Map.entry("attn_q.weight", "self_attn.q_proj.weight"),
          Map.entry("attn_q.bias", "self_attn.q_proj.bias"),
          Map.entry("attn_k.weight", "self_attn.k_proj.weight"),
          Map.entry("attn_k.bias", "self_attn.k_proj.bias"),
          Map.entry("attn_v.weight", "self_attn.v_proj.weight"),
          Map.entry("attn_v.bias", "self_attn.v_proj.bias"),
          Map.entry("attn_output.weight", "self_attn.o_proj.weight"),
          Map.entry("ffn_norm.weight", "post_attention_layernorm.weight"),
          Map.entry("ffn_gate.weight", "mlp.gate_proj.weight"),
          Map.entry("ffn_up.weight", "mlp.up_proj.weight"),
          Map.entry("ffn_down.weight", "mlp.down_proj.weight"),
          Map.entry("ffn_gate_inp.weight", "mlp.gate.weight"),
          Map.entry("ffn_gate_inp_shexp.weight", "mlp.shared_expert_gate.weight"),
          Map.entry("ffn_gate_shexp.weight", "mlp.shared_expert.gate_proj.weight"),
          Map.entry("ffn_up_shexp.weight", "mlp.shared_expert.up_proj.weight"),
          Map.entry("ffn_down_shexp.weight", "mlp.shared_expert.down_proj.weight"));

  private GgufNames() {}

  /** Hugging Face's name of a tensor that is one tensor in both schemes. */
  static String huggingFace(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return OUTER.getOrDefault(name, name);
    }
    String at = "model.layers." + Integer.parseInt(layer.group(1)) + ".";
    Matcher expert = OLD_EXPERT.matcher(layer.group(2));
    if (expert.matches()) {
      return at
          + "mlp.experts."
          + Integer.parseInt(expert.group(2))
          + "."
          + expert.group(1)
          + "_proj.weight";
    }
    String inner = INNER.get(layer.group(2));
    return inner == null ? name : at + inner;
  }

  /**
   * Prefix and suffix of the names of the experts that a stacked tensor holds, with {@code %d} for
   * the expert; null if it is not stacked.
   */
  static @org.jspecify.annotations.Nullable String stackedExperts(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return null;
    }
    String projection =
        switch (layer.group(2)) {
          case "ffn_gate_exps.weight" -> "gate_proj";
          case "ffn_up_exps.weight" -> "up_proj";
          case "ffn_down_exps.weight" -> "down_proj";
          default -> null;
        };
    return projection == null
        ? null
        : "model.layers."
            + Integer.parseInt(layer.group(1))
            + ".mlp.experts.%d."
            + projection
            + ".weight";
  }
}
