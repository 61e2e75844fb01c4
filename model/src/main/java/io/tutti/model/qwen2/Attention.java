package io.tutti.model.qwen2;

import io.tutti.api.graph.Node;

/** The attention block, which both families share. */
final class Attention {
  private Attention() {}

  /**
   * Adds norm, projections, rotation, attention and the residual sum.
   *
   * @param x name of the block's input, {@code [tokens, hiddenSize]}
   * @param qkvBias whether q, k and v have biases; o never has
   * @param window positions that a token sees, 0 for all
   * @return name of the block's output, {@code [tokens, hiddenSize]}
   */
  static String add(
      DecoderGraph graph, DecoderConfig c, int layer, String x, boolean qkvBias, int window) {
    String at = "model.layers." + layer;
    String self = at + ".self_attn";
    int hidden = c.hiddenSize();
    int qWidth = c.heads() * c.headDim();
    int kvWidth = c.kvHeads() * c.headDim();

    String h = graph.norm(at + ".input_layernorm", x, hidden, c.rmsNormEps()); // [T, hidden]
    String q = graph.linear(self + ".q_proj", h, qWidth, hidden, qkvBias); // [T, heads * headDim]
    String k = graph.linear(self + ".k_proj", h, kvWidth, hidden, qkvBias); // [T, kv * headDim]
    String v = graph.linear(self + ".v_proj", h, kvWidth, hidden, qkvBias); // [T, kv * headDim]
    q = graph.add(new Node.RotaryEmbedding(self + ".q_rope", q, c.heads(), c.headDim(), c.rope()));
    k =
        graph.add(
            new Node.RotaryEmbedding(self + ".k_rope", k, c.kvHeads(), c.headDim(), c.rope()));
    String y =
        graph.add(
            new Node.Attention(
                self + ".attention",
                q,
                k,
                v,
                c.heads(),
                c.kvHeads(),
                c.headDim(),
                1 / Math.sqrt(c.headDim()),
                window,
                layer)); // [T, heads * headDim]
    y = graph.linear(self + ".o_proj", y, hidden, qWidth, false); // [T, hidden]
    return graph.add(new Node.Add(self + ".residual", x, y, hidden));
  }
}
