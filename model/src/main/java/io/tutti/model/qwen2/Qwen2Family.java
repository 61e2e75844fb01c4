package io.tutti.model.qwen2;

import io.tutti.api.SpiVersion;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import io.tutti.api.model.ConfigTree;
import io.tutti.api.model.ModelFamily;
import java.util.Set;

/**
 * Dense Qwen2: {@code model_type} {@code qwen2}, published in 0.5B, 1.5B, 7B and 72B.
 *
 * <p>A pre-norm decoder with grouped-query attention, biases on q, k and v only, half-split rope
 * and a gated feed-forward block (Yang et al. 2024, arXiv:2407.10671; Hugging Face {@code
 * modeling_qwen2.py}).
 */
public final class Qwen2Family implements ModelFamily {
  /** For the service loader. */
  public Qwen2Family() {}

  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("qwen2");
  }

  @Override
  public SpiVersionRange spiVersions() {
    return SpiVersionRange.builtAgainst(SpiVersion.MAJOR, SpiVersion.MINOR);
  }

  @Override
  public Graph build(ConfigTree config) {
    return DecoderGraph.checked(config, () -> graph(config));
  }

  private Graph graph(ConfigTree config) {
    DecoderConfig c = DecoderConfig.of(config);
    int maxWindowLayers = config.intOr("max_window_layers", 0, Integer.MAX_VALUE, 28);
    int[] windows = SlidingField.windows(config, c.layers(), i -> i >= maxWindowLayers);
    int hidden = c.hiddenSize();

    DecoderGraph graph = new DecoderGraph();
    String x = graph.embedding("model.embed_tokens", c.vocabSize(), hidden); // [T, hidden]
    for (int i = 0; i < c.layers(); i++) {
      String at = "model.layers." + i;
      x = Attention.add(graph, c, i, x, true, windows[i]); // [T, hidden]
      String h = graph.norm(at + ".post_attention_layernorm", x, hidden, c.rmsNormEps());
      String y = FeedForward.add(graph, at + ".mlp", h, hidden, c.intermediateSize());
      x = graph.add(new Node.Add(at + ".output", x, y, hidden)); // [T, hidden]
    }
    x = graph.norm("model.norm", x, hidden, c.rmsNormEps());
    String head = c.tied() ? "model.embed_tokens" : "lm_head";
    graph.add(
        new Node.LmHead(
            "lm_head", x, DecoderGraph.matrix(head, c.vocabSize(), hidden))); // [T, vocab]
    return graph.finish(name(), c.maxPositions());
  }
}
