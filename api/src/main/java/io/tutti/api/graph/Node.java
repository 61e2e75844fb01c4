package io.tutti.api.graph;

import java.util.List;
import java.util.Optional;

/**
 * One operation of a graph. Its output is f32 of shape {@code [tokens, width]}.
 *
 * <p>Backends in this project switch over the permitted records without a {@code default}, so that
 * the compiler finds what is missing. A plugin built elsewhere switches with a {@code default} that
 * answers "unsupported": a later op-set may bring records that it has never heard of.
 */
public sealed interface Node {
  /** Unique name: the path of the module in the Hugging Face implementation. */
  String name();

  /** Names of the nodes whose outputs this one reads, in order. */
  List<String> inputs();

  /** Width of the output, whose shape is {@code [tokens, width]}. */
  int width();

  /** Tensors that this node reads, in order. */
  default List<WeightRef> weights() {
    return List.of();
  }

  /** First op-set that has this operation. */
  default int opSet() {
    return 1;
  }

  /** Name of the operation, such as {@code RmsNorm}. */
  default String op() {
    return getClass().getSimpleName();
  }

  /**
   * Looks token ids up: {@code y[t] = table[id[t]]}.
   *
   * @param name unique name
   * @param table {@code [vocabSize, hiddenSize]}
   */
  record Embedding(String name, WeightRef table) implements Node {
    /** Validates the shape. */
    public Embedding {
      Checks.matrix(name, table);
    }

    @Override
    public List<String> inputs() {
      return List.of();
    }

    @Override
    public int width() {
      return Math.toIntExact(table.shape().dim(1));
    }

    @Override
    public List<WeightRef> weights() {
      return List.of(table);
    }
  }

  /**
   * Root-mean-square normalisation over the last axis: {@code y[t,i] = x[t,i] w[i] /
   * sqrt(mean_i(x[t,i]^2) + eps)} (Zhang and Sennrich 2019, arXiv:1910.07467).
   *
   * @param name unique name
   * @param input {@code [tokens, width]}
   * @param weight {@code [width]}
   * @param eps added to the mean square; config field {@code rms_norm_eps}
   */
  record RmsNorm(String name, String input, WeightRef weight, double eps) implements Node {
    /** Validates shape and range. */
    public RmsNorm {
      Checks.vector(name, weight);
      if (!(eps > 0 && eps < 1)) {
        throw new IllegalArgumentException(
            "rmsNormEps: " + eps + " (expected: in (0, 1)), node: " + name);
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public int width() {
      return Math.toIntExact(weight.shape().dim(0));
    }

    @Override
    public List<WeightRef> weights() {
      return List.of(weight);
    }
  }

  /**
   * A projection: {@code y[t,o] = sum_i x[t,i] w[o,i] + b[o]}.
   *
   * @param name unique name
   * @param input {@code [tokens, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}, where there is one
   */
  record Linear(String name, String input, WeightRef weight, Optional<WeightRef> bias)
      implements Node {
    /** Validates the shapes. */
    public Linear {
      Checks.matrix(name, weight);
      if (bias.isPresent()) {
        Checks.vector(name, bias.get());
        if (bias.get().shape().dim(0) != weight.shape().dim(0)) {
          throw new IllegalArgumentException(
              "bias: "
                  + bias.get()
                  + " (expected: ["
                  + weight.shape().dim(0)
                  + "]), node: "
                  + name);
        }
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public int width() {
      return Math.toIntExact(weight.shape().dim(0));
    }

    /** Width of the input. */
    public int inputWidth() {
      return Math.toIntExact(weight.shape().dim(1));
    }

    @Override
    public List<WeightRef> weights() {
      return bias.isPresent() ? List.of(weight, bias.get()) : List.of(weight);
    }
  }

  /**
   * Rotary position embedding, half-split (NeoX) form, on each head: for {@code i < headDim/2},
   * {@code y[i] = x[i] c - x[i+headDim/2] s} and {@code y[i+headDim/2] = x[i+headDim/2] c + x[i]
   * s}, with {@code c, s} the cosine and sine of {@code position * inverseFrequency[i]}, both times
   * the plan's scale (Su et al. 2021, arXiv:2104.09864).
   *
   * @param name unique name
   * @param input {@code [tokens, heads * headDim]}
   * @param heads number of heads
   * @param headDim width of a head, even
   * @param plan the frequencies
   */
  record RotaryEmbedding(String name, String input, int heads, int headDim, RopePlan plan)
      implements Node {
    /** Validates the numbers. */
    public RotaryEmbedding {
      Checks.positive(name, "heads", heads);
      Checks.positive(name, "headDim", headDim);
      if (headDim % 2 != 0) {
        throw new IllegalArgumentException(
            "headDim: " + headDim + " (expected: even), node: " + name);
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public int width() {
      return Math.multiplyExact(heads, headDim);
    }
  }

  /**
   * Causal grouped-query attention over the sequence's cache. The keys and values of the step are
   * appended first; query head {@code h} reads KV head {@code h / (heads / kvHeads)}; {@code
   * softmax(scale q.k) v}; with a window {@code w > 0} the token at position {@code p} sees the
   * positions {@code (p - w, p]}.
   *
   * @param name unique name
   * @param query {@code [tokens, heads * headDim]}, already rotated
   * @param key {@code [tokens, kvHeads * headDim]}, already rotated
   * @param value {@code [tokens, kvHeads * headDim]}
   * @param heads number of query heads
   * @param kvHeads number of key and value heads; divides {@code heads}
   * @param headDim width of a head
   * @param scale multiplies the scores before the softmax; usually {@code 1 / sqrt(headDim)}
   * @param slidingWindow number of positions that a token sees, its own included; 0 for all
   * @param kvSlot index of the layer's cache
   */
  record Attention(
      String name,
      String query,
      String key,
      String value,
      int heads,
      int kvHeads,
      int headDim,
      double scale,
      int slidingWindow,
      int kvSlot)
      implements Node {
    /** Validates the numbers. */
    public Attention {
      Checks.positive(name, "heads", heads);
      Checks.positive(name, "kvHeads", kvHeads);
      Checks.positive(name, "headDim", headDim);
      if (heads % kvHeads != 0) {
        throw new IllegalArgumentException(
            "kvHeads: "
                + kvHeads
                + " (expected: a divisor of heads = "
                + heads
                + "), node: "
                + name);
      }
      if (slidingWindow < 0 || kvSlot < 0 || !(scale > 0)) {
        throw new IllegalArgumentException(
            "slidingWindow "
                + slidingWindow
                + ", kvSlot "
                + kvSlot
                + ", scale "
                + scale
                + " (expected: >= 0, >= 0, > 0), node: "
                + name);
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(query, key, value);
    }

    @Override
    public int width() {
      return Math.multiplyExact(heads, headDim);
    }
  }

  /**
   * The gated activation {@code y = silu(gate) * up} with {@code silu(x) = x / (1 + exp(-x))}
   * (Shazeer 2020, arXiv:2002.05202).
   *
   * @param name unique name
   * @param gate {@code [tokens, width]}
   * @param up {@code [tokens, width]}
   * @param width width of both
   */
  record SwiGlu(String name, String gate, String up, int width) implements Node {
    /** Validates the width. */
    public SwiGlu {
      Checks.positive(name, "width", width);
    }

    @Override
    public List<String> inputs() {
      return List.of(gate, up);
    }
  }

  /**
   * Chooses experts: softmax over all of {@code x . w[e]}, then the {@code topK} largest keep their
   * probability (divided by their sum if {@code normalizeTopK}), all others become 0. Ties go to
   * the lower expert.
   *
   * @param name unique name
   * @param input {@code [tokens, hiddenSize]}
   * @param weight {@code [experts, hiddenSize]}
   * @param topK experts kept per token; config field {@code num_experts_per_tok}
   * @param normalizeTopK config field {@code norm_topk_prob}
   */
  record MoeRouter(String name, String input, WeightRef weight, int topK, boolean normalizeTopK)
      implements Node {
    /** Validates the numbers. */
    public MoeRouter {
      Checks.matrix(name, weight);
      if (topK < 1 || topK > weight.shape().dim(0)) {
        throw new IllegalArgumentException(
            "topK: " + topK + " (expected: 1.." + weight.shape().dim(0) + "), node: " + name);
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    /**
     * Number of experts: the output is {@code [tokens, experts]}, 0 where an expert was not chosen.
     */
    @Override
    public int width() {
      return Math.toIntExact(weight.shape().dim(0));
    }

    @Override
    public List<WeightRef> weights() {
      return List.of(weight);
    }
  }

  /**
   * The three projections of one expert.
   *
   * @param gate {@code [moeIntermediateSize, hiddenSize]}
   * @param up {@code [moeIntermediateSize, hiddenSize]}
   * @param down {@code [hiddenSize, moeIntermediateSize]}
   */
  record Expert(WeightRef gate, WeightRef up, WeightRef down) {
    /** Validates that the three fit together. */
    public Expert {
      Checks.matrix("expert", gate);
      Checks.matrix("expert", up);
      Checks.matrix("expert", down);
      if (!gate.shape().equals(up.shape())
          || down.shape().dim(0) != gate.shape().dim(1)
          || down.shape().dim(1) != gate.shape().dim(0)) {
        throw new IllegalArgumentException(
            "expert: " + gate + ", " + up + ", " + down + " (expected: [i, h], [i, h], [h, i])");
      }
    }
  }

  /**
   * The chosen experts' feed-forward blocks, weighted: {@code y[t] = sum_e r[t,e]
   * down_e(silu(gate_e(x[t])) * up_e(x[t]))} over the experts with {@code r[t,e] != 0}.
   *
   * @param name unique name
   * @param input {@code [tokens, hiddenSize]}
   * @param router {@code [tokens, experts]}, the output of a {@link MoeRouter}
   * @param experts the experts, in the router's order
   */
  record Experts(String name, String input, String router, List<Expert> experts) implements Node {
    /** Copies the list and validates that all experts have one shape. */
    public Experts {
      experts = List.copyOf(experts);
      if (experts.isEmpty()) {
        throw new IllegalArgumentException("experts: 0 (expected: >= 1), node: " + name);
      }
      for (Expert expert : experts) {
        if (!expert.gate().shape().equals(experts.getFirst().gate().shape())) {
          throw new IllegalArgumentException(
              "expert: "
                  + expert.gate()
                  + " (expected: "
                  + experts.getFirst().gate().shape()
                  + "), node: "
                  + name);
        }
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input, router);
    }

    @Override
    public int width() {
      return Math.toIntExact(experts.getFirst().down().shape().dim(0));
    }

    @Override
    public List<WeightRef> weights() {
      return experts.stream().flatMap(e -> List.of(e.gate(), e.up(), e.down()).stream()).toList();
    }
  }

  /**
   * Scales by a learnt gate: {@code y[t] = value[t] * sigmoid(x[t] . w)}; the gate of the shared
   * expert.
   *
   * @param name unique name
   * @param input x: {@code [tokens, hiddenSize]}
   * @param value {@code [tokens, width]}
   * @param weight {@code [1, hiddenSize]}
   * @param width width of the value
   */
  record SigmoidGate(String name, String input, String value, WeightRef weight, int width)
      implements Node {
    /** Validates the shape. */
    public SigmoidGate {
      Checks.matrix(name, weight);
      Checks.positive(name, "width", width);
      if (weight.shape().dim(0) != 1) {
        throw new IllegalArgumentException(
            "gate: " + weight + " (expected: [1, hiddenSize]), node: " + name);
      }
    }

    @Override
    public List<String> inputs() {
      return List.of(input, value);
    }

    @Override
    public List<WeightRef> weights() {
      return List.of(weight);
    }
  }

  /**
   * The element-wise sum of two values of one width.
   *
   * @param name unique name
   * @param left {@code [tokens, width]}
   * @param right {@code [tokens, width]}
   * @param width width of both
   */
  record Add(String name, String left, String right, int width) implements Node {
    /** Validates the width. */
    public Add {
      Checks.positive(name, "width", width);
    }

    @Override
    public List<String> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * The projection to the vocabulary, computed only for the tokens whose logits are wanted. The
   * last node of a graph.
   *
   * @param name unique name
   * @param input {@code [tokens, hiddenSize]}
   * @param weight {@code [vocabSize, hiddenSize]}; the embedding's tensor where the two are tied
   */
  record LmHead(String name, String input, WeightRef weight) implements Node {
    /** Validates the shape. */
    public LmHead {
      Checks.matrix(name, weight);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public int width() {
      return Math.toIntExact(weight.shape().dim(0));
    }

    @Override
    public List<WeightRef> weights() {
      return List.of(weight);
    }
  }
}
