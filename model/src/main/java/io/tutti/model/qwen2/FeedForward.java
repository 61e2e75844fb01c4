package io.tutti.model.qwen2;

import io.tutti.api.graph.Node;

/** The gated feed-forward block: dense layers and the shared expert. */
final class FeedForward {
  private FeedForward() {}

  /**
   * Adds {@code down(silu(gate(h)) * up(h))}.
   *
   * @param module path of the block, such as {@code model.layers.0.mlp}
   * @param h name of the input, {@code [tokens, hidden]}
   * @param width inner width
   * @return name of the output, {@code [tokens, hidden]}
   */
  static String add(DecoderGraph graph, String module, String h, int hidden, int width) {
    String gate = graph.linear(module + ".gate_proj", h, width, hidden, false); // [T, width]
    String up = graph.linear(module + ".up_proj", h, width, hidden, false); // [T, width]
    String act = graph.add(new Node.SwiGlu(module + ".act", gate, up, width)); // [T, width]
    return graph.linear(module + ".down_proj", act, hidden, width, false); // [T, hidden]
  }
}
