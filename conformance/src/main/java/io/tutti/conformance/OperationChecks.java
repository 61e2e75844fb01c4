package io.tutti.conformance;

import io.tutti.api.graph.Node;
import io.tutti.api.graph.RopePlan;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The table of operation cases, in the spirit of ggml's {@code test-backend-ops}: every operation,
 * weight type and awkward size that the graphs of the family can ask for.
 */
final class OperationChecks {
  private final List<Check> checks = new ArrayList<>();

  private OperationChecks() {}

  static List<Check> all() {
    OperationChecks table = new OperationChecks();
    for (DType dtype : Workbench.weightTypes()) {
      table.linear(dtype);
      table.embedding(dtype);
      table.head(dtype);
      table.experts(dtype);
    }
    table.rmsNorm();
    table.rope();
    table.attention();
    table.swiGlu();
    table.router();
    table.sigmoidGate();
    table.add();
    return table.checks;
  }

  private void linear(DType dtype) {
    int[] widths =
        switch (dtype.blockElements()) {
          case 1 -> new int[] {1, 7, 64, 97, 896};
          case 32 -> new int[] {32, 96, 896};
          default -> new int[] {256, 768, 4864};
        };
    for (int in : widths) {
      for (int out : in <= 97 ? new int[] {1, 33} : new int[] {17}) {
        for (int tokens : new int[] {1, 5}) {
          add(
              "Linear " + dtype + " [" + out + ", " + in + "], " + tokens + " tokens",
              () ->
                  OperationCase.activations(in, 1)
                      .tokens(tokens + 1, tokens)
                      .linear("linear", "embed", dtype, in, out, 1 / Math.sqrt(in)));
        }
      }
    }
    int in = widths[1];
    add(
        "Linear " + dtype + " [128, " + in + "], 37 tokens",
        () ->
            OperationCase.activations(in, 1)
                .tokens(37, 37)
                .linear("linear", "embed", dtype, in, 128, 1 / Math.sqrt(in)));
    for (DType bias : List.of(DType.F32, DType.BF16, DType.F16)) {
      add(
          "Linear " + dtype + " [19, " + in + "] with " + bias + " bias",
          () ->
              OperationCase.activations(in, 1)
                  .tokens(6, 4)
                  .linearWithBias("linear", "embed", dtype, in, 19, bias));
    }
  }

  private void embedding(DType dtype) {
    int width = dtype.blockElements() == 1 ? 50 : dtype.blockElements() * 3;
    add(
        "Embedding " + dtype + " [41, " + width + "]",
        () -> new OperationCase().embedding("embed", dtype, 41, width, 1).tokens(12, 5));
  }

  private void head(DType dtype) {
    int width = dtype.blockElements() == 1 ? 72 : dtype.blockElements() * 2;
    for (boolean tied : new boolean[] {false, true}) {
      check(
          "LmHead " + dtype + " [131, " + width + "]" + (tied ? ", tied" : ""),
          bench -> {
            OperationCase work =
                new OperationCase()
                    .embedding("embed", tied ? dtype : DType.F32, 131, width, 0.5)
                    .tokens(10, 7);
            Node.RmsNorm norm =
                new Node.RmsNorm(
                    "norm", "embed", work.weight("norm.weight", DType.F32, 1, width), 1e-6);
            work.node(norm);
            return work.run(
                bench,
                new Node.LmHead(
                    "lm_head",
                    "norm",
                    tied
                        ? new WeightRef("embed.weight", Shape.of(131, width))
                        : work.weight("lm_head.weight", dtype, 1, 131, width)));
          });
    }
  }

  private void experts(DType dtype) {
    int unit = dtype.blockElements() == 1 ? 24 : dtype.blockElements();
    record Size(int experts, int topK, int hidden, int intermediate) {}
    for (Size size :
        List.of(
            new Size(4, 2, 2 * unit, unit),
            new Size(9, 1, unit, 3 * unit),
            new Size(3, 3, unit, unit))) {
      add(
          "Experts "
              + dtype
              + ", "
              + size.topK
              + " of "
              + size.experts
              + ", "
              + size.hidden
              + " x "
              + size.intermediate,
          () -> {
            OperationCase work = OperationCase.activations(size.hidden, 1).tokens(8, 5);
            work.node(
                new Node.MoeRouter(
                    "router",
                    "embed",
                    work.weight("router.weight", DType.F32, 0.5, size.experts, size.hidden),
                    size.topK,
                    false));
            List<Node.Expert> experts =
                IntStream.range(0, size.experts)
                    .mapToObj(
                        e ->
                            new Node.Expert(
                                projection(work, dtype, "gate" + e, size.intermediate, size.hidden),
                                projection(work, dtype, "up" + e, size.intermediate, size.hidden),
                                projection(
                                    work, dtype, "down" + e, size.hidden, size.intermediate)))
                    .toList();
            return work.node(new Node.Experts("experts", "embed", "router", experts));
          });
    }
  }

  private static WeightRef projection(
      OperationCase work, DType dtype, String name, int out, int in) {
    return work.weight(name + ".weight", dtype, 1 / Math.sqrt(in), out, in);
  }

  private void rmsNorm() {
    for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
      for (int width : new int[] {1, 7, 64, 1000}) {
        for (double spread : new double[] {1, 1e-3, 1e3}) { // at 1e-3 the eps is as large as x^2
          add(
              "RmsNorm " + dtype + " [" + width + "], activations of " + spread,
              () -> {
                OperationCase work = OperationCase.activations(width, spread).tokens(5, 3);
                return work.node(
                    new Node.RmsNorm(
                        "norm", "embed", work.weight("norm.weight", dtype, 1, width), 1e-6));
              });
        }
      }
    }
  }

  private void rope() {
    Map<String, RopePlan> plans = new LinkedHashMap<>();
    plans.put("plain, theta 1e4", new RopePlan.Plain(1e4));
    plans.put("plain, theta 1e6", new RopePlan.Plain(1e6));
    plans.put("linear, factor 4", new RopePlan.Linear(1e4, 4));
    double usual = RopePlan.Yarn.defaultAttentionFactor(4);
    plans.put("yarn, factor 4 from 64", new RopePlan.Yarn(1e4, 4, 64, 32, 1, usual, true));
    plans.put(
        "yarn, factor 4 from 32768, theta 1e6",
        new RopePlan.Yarn(1e6, 4, 32768, 32, 1, usual, true));
    plans.put(
        "yarn, not truncated, attention factor 1",
        new RopePlan.Yarn(1e4, 8, 128, 32, 1, 1.0, false));
    plans.forEach(
        (name, plan) -> {
          for (int[] heads : new int[][] {{1, 2}, {3, 8}, {2, 64}, {14, 64}, {1, 128}, {2, 80}}) {
            int width = heads[0] * heads[1];
            add(
                "RotaryEmbedding " + name + ", " + heads[0] + " heads of " + heads[1],
                () ->
                    OperationCase.activations(width, 1)
                        .tokens(150, 50)
                        .node(new Node.RotaryEmbedding("rope", "embed", heads[0], heads[1], plan)));
          }
        });
  }

  private void attention() {
    int[][] heads = {
      {1, 1, 8}, {4, 4, 16}, {4, 2, 16}, {14, 2, 64}, {8, 1, 32}, {6, 2, 80}, {7, 1, 128}
    };
    for (int[] h : heads) {
      for (int window : new int[] {0, 5}) {
        attention(h[0], h[1], h[2], window, 40, 13, 1, 0);
      }
    }
    for (int window : new int[] {1, 2, 16, 39, 40, 41}) {
      attention(4, 2, 16, window, 40, 40, 1, 0);
      attention(4, 2, 16, window, 40, 7, 1, 0);
    }
    attention(4, 2, 16, 0, 40, 1, 1, 0); // token by token
    attention(4, 2, 16, 16, 40, 1, 1, 0);
    attention(2, 1, 32, 0, 300, 300, 1, 0); // several pages
    attention(2, 1, 32, 100, 300, 64, 1, 0);
    attention(2, 1, 64, 0, 12, 12, 300, 1e-3); // q.k far beyond the range of f16
  }

  private void attention(
      int heads,
      int kvHeads,
      int headDim,
      int window,
      int tokens,
      int chunk,
      double spread,
      double atLeast) {
    int width = heads * headDim;
    int kvWidth = kvHeads * headDim;
    add(
        "Attention "
            + heads
            + "/"
            + kvHeads
            + " heads of "
            + headDim
            + (window == 0 ? "" : ", window " + window)
            + ", "
            + tokens
            + " tokens by "
            + chunk
            + (spread == 1 ? "" : ", activations of " + spread),
        () ->
            OperationCase.activations(width, spread)
                .tokens(tokens, chunk)
                .toleranceAtLeast(atLeast)
                .linear("key", "embed", DType.F32, width, kvWidth, 1 / Math.sqrt(width))
                .linear("value", "embed", DType.F32, width, kvWidth, 1 / Math.sqrt(width))
                .node(
                    new Node.Attention(
                        "attention",
                        "embed",
                        "key",
                        "value",
                        heads,
                        kvHeads,
                        headDim,
                        1 / Math.sqrt(headDim),
                        window,
                        0)));
  }

  private void swiGlu() {
    for (int width : new int[] {1, 13, 160, 4864}) {
      for (double spread : new double[] {1, 100}) { // at 100 the exponential leaves f32's range
        add(
            "SwiGlu [" + width + "], activations of " + spread,
            () -> {
              OperationCase work = OperationCase.activations(width, spread).tokens(4, 3);
              // A norm gives the other operand without a product of its own.
              work.node(
                  new Node.RmsNorm(
                      "up", "embed", work.weight("up.weight", DType.F32, 1, width), 1e-6));
              return work.node(new Node.SwiGlu("glu", "embed", "up", width));
            });
      }
    }
  }

  private void router() {
    for (int[] size : new int[][] {{4, 1}, {8, 2}, {8, 8}, {60, 4}, {64, 8}}) {
      for (boolean normalize : new boolean[] {false, true}) {
        add(
            "MoeRouter " + size[1] + " of " + size[0] + (normalize ? ", normalised" : ""),
            () -> {
              OperationCase work = OperationCase.activations(72, 1).tokens(9, 5);
              return work.node(
                  new Node.MoeRouter(
                      "router",
                      "embed",
                      work.weight("router.weight", DType.F32, 0.2, size[0], 72),
                      size[1],
                      normalize));
            });
      }
    }
    for (DType dtype : List.of(DType.F16, DType.BF16)) {
      add(
          "MoeRouter " + dtype,
          () -> {
            OperationCase work = OperationCase.activations(40, 1);
            return work.node(
                new Node.MoeRouter(
                    "router", "embed", work.weight("router.weight", dtype, 0.2, 6, 40), 2, false));
          });
    }
    add(
        "MoeRouter with ties: the lower expert wins",
        () -> {
          OperationCase work = OperationCase.activations(32, 1);
          return work.node(
              new Node.MoeRouter("router", "embed", work.zeros("router.weight", 8, 32), 3, true));
        });
  }

  private void sigmoidGate() {
    for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
      for (double spread : new double[] {1, 60}) {
        add(
            "SigmoidGate " + dtype + ", activations of " + spread,
            () -> {
              OperationCase work = OperationCase.activations(56, spread).tokens(7, 4);
              work.linear("value", "embed", DType.F32, 56, 21, 0.1);
              return work.node(
                  new Node.SigmoidGate(
                      "gate", "embed", "value", work.weight("gate.weight", dtype, 0.2, 1, 56), 21));
            });
      }
    }
  }

  private void add() {
    for (int width : new int[] {1, 17, 1024}) {
      add(
          "Add [" + width + "]",
          () ->
              OperationCase.activations(width, 1)
                  .linear("right", "embed", DType.F32, width, width, 1)
                  .node(new Node.Add("sum", "embed", "right", width)));
    }
  }

  private void add(String name, Supplier<OperationCase> work) {
    check(name, bench -> work.get().run(bench));
  }

  private void check(String name, Check.Body body) {
    checks.add(new Check(Group.OPERATIONS, name, body));
  }
}
