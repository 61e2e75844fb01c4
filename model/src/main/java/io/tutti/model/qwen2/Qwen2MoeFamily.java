package io.tutti.model.qwen2;

import io.tutti.api.SpiVersion;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.model.ModelFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Mixture-of-experts Qwen2: {@code model_type} {@code qwen2_moe}, published as 57B-A14B.
 *
 * <p>As the dense family, but a sparse layer's feed-forward block is the {@code
 * num_experts_per_tok} best of {@code num_experts} small experts, plus a shared expert scaled by a
 * sigmoid gate (Hugging Face {@code modeling_qwen2_moe.py}).
 */
public final class Qwen2MoeFamily implements ModelFamily {
  // Bounds the size of the graph itself: 57B-A14B has 28 * 64.
  private static final int MAX_EXPERTS_IN_ALL = 65_536;

  /** For the service loader. */
  public Qwen2MoeFamily() {}

  @Override
  public String name() {
    return "qwen2_moe";
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("qwen2_moe");
  }

  @Override
  public SpiVersionRange spiVersions() {
    return SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR);
  }

  @Override
  public Graph build(ConfigTree config) {
    return DecoderGraph.checked(config, () -> graph(config));
  }

  /**
   * The sparse blocks' numbers.
   *
   * @param experts {@code num_experts}
   * @param topK {@code num_experts_per_tok}
   * @param normalizeTopK {@code norm_topk_prob}; false unless the configuration says so
   * @param width {@code moe_intermediate_size}
   * @param sharedWidth {@code shared_expert_intermediate_size}
   */
  private record Sparse(int experts, int topK, boolean normalizeTopK, int width, int sharedWidth) {
    static Sparse of(ConfigTree config, int layers) {
      int experts = config.requireInt("num_experts", 1, MAX_EXPERTS_IN_ALL / layers);
      return new Sparse(
          experts,
          config.requireInt("num_experts_per_tok", 1, experts),
          config.booleanOr("norm_topk_prob", false),
          config.requireInt("moe_intermediate_size", 1, 1 << 24),
          config.requireInt("shared_expert_intermediate_size", 1, 1 << 24));
    }
  }

  private Graph graph(ConfigTree config) {
    DecoderConfig c = DecoderConfig.of(config);
    Sparse sparse = Sparse.of(config, c.layers());
    int step = config.intOr("decoder_sparse_step", 1, Integer.MAX_VALUE, 1);
    Set<Integer> mlpOnly = Set.copyOf(config.ints("mlp_only_layers", 0, c.layers() - 1));
    boolean qkvBias = config.booleanOr("qkv_bias", true);
    int maxWindowLayers = config.intOr("max_window_layers", 0, Integer.MAX_VALUE, 28);
    int[] windows =
        SlidingField.windows(config, c.layers(), i -> (i + 1) % 2 != 0 && i < maxWindowLayers);
    int hidden = c.hiddenSize();

    DecoderGraph graph = new DecoderGraph();
    String x = graph.embedding("model.embed_tokens", c.vocabSize(), hidden); // [T, hidden]
    for (int i = 0; i < c.layers(); i++) {
      String at = "model.layers." + i;
      x = Attention.add(graph, c, i, x, qkvBias, windows[i]); // [T, hidden]
      String h = graph.norm(at + ".post_attention_layernorm", x, hidden, c.rmsNormEps());
      boolean dense = mlpOnly.contains(i) || (i + 1) % step != 0;
      String y =
          dense
              ? FeedForward.add(graph, at + ".mlp", h, hidden, c.intermediateSize())
              : sparseBlock(graph, at + ".mlp", h, hidden, sparse);
      x = graph.add(new Node.Add(at + ".output", x, y, hidden)); // [T, hidden]
    }
    x = graph.norm("model.norm", x, hidden, c.rmsNormEps());
    String head = c.tied() ? "model.embed_tokens" : "lm_head";
    graph.add(
        new Node.LmHead(
            "lm_head", x, DecoderGraph.matrix(head, c.vocabSize(), hidden))); // [T, vocab]
    return graph.finish(name(), c.maxPositions());
  }

  /** {@code sum_e r_e expert_e(h) + sigmoid(g . h) shared(h)}. */
  private static String sparseBlock(
      DecoderGraph graph, String mlp, String h, int hidden, Sparse s) {
    String router =
        graph.add(
            new Node.MoeRouter(
                mlp + ".router",
                h,
                DecoderGraph.matrix(mlp + ".gate", s.experts(), hidden),
                s.topK(),
                s.normalizeTopK())); // [T, experts]
    List<Node.Expert> experts = new ArrayList<>(s.experts());
    for (int e = 0; e < s.experts(); e++) {
      String expert = mlp + ".experts." + e;
      experts.add(
          new Node.Expert(
              DecoderGraph.matrix(expert + ".gate_proj", s.width(), hidden),
              DecoderGraph.matrix(expert + ".up_proj", s.width(), hidden),
              DecoderGraph.matrix(expert + ".down_proj", hidden, s.width())));
    }
    String routed =
        graph.add(new Node.Experts(mlp + ".experts", h, router, experts)); // [T, hidden]
    String shared =
        FeedForward.add(graph, mlp + ".shared_expert", h, hidden, s.sharedWidth()); // [T, hidden]
    String gated =
        graph.add(
            new Node.SigmoidGate(
                mlp + ".shared_expert_gate",
                h,
                shared,
                DecoderGraph.matrix(mlp + ".shared_expert_gate", 1, hidden),
                hidden)); // [T, hidden]
    return graph.add(new Node.Add(mlp + ".combine", routed, gated, hidden));
  }
}
