package io.tutti.conformance.mutant;

import io.tutti.api.graph.Node;
import io.tutti.api.graph.RopePlan;
import io.tutti.api.weights.DType;
import io.tutti.conformance.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Backends that compute something else than the graph says. */
final class FormulaMutants {
  private final List<Mutant> mutants = new ArrayList<>();

  private FormulaMutants() {}

  static List<Mutant> all() {
    FormulaMutants formulas = new FormulaMutants();
    formulas.projections();
    formulas.rope();
    formulas.attention();
    formulas.experts();
    formulas.rest();
    return formulas.mutants;
  }

  private void projections() {
    for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
      goldens(
          projection.charAt(0) + "-bias-dropped",
          "the bias of " + projection + " is not added",
          (node, weights) ->
              node instanceof Node.Linear n && n.name().endsWith(projection)
                  ? List.of(new Node.Linear(n.name(), n.input(), n.weight(), Optional.empty()))
                  : List.of(node));
    }
    add(
        "bias-dropped",
        "no bias is added",
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.Linear n
                ? List.of(new Node.Linear(n.name(), n.input(), n.weight(), Optional.empty()))
                : List.of(node));
    goldens(
        "weights-rounded-silently",
        "bf16 projections lose a bit of their fraction",
        (node, weights) ->
            node instanceof Node.Linear n && weights.dtype(n.weight()) == DType.BF16
                ? List.of(
                    new Node.Linear(
                        n.name(),
                        n.input(),
                        weights.changed(n.weight(), FormulaMutants::dropLowestBit),
                        n.bias()))
                : List.of(node));
    goldens(
        "embedding-off-by-one",
        "a token reads the row of the token before it",
        (node, weights) ->
            node instanceof Node.Embedding n
                ? List.of(
                    new Node.Embedding(
                        n.name(),
                        weights.changed(
                            n.table(), bytes -> rotate(bytes, n.table().shape().dim(0), 1))))
                : List.of(node));
    goldens(
        "head-rows-shifted",
        "logit v is computed from row v - 1 of the (tied) head",
        (node, weights) ->
            node instanceof Node.LmHead n
                ? List.of(
                    new Node.LmHead(
                        n.name(),
                        n.input(),
                        weights.changed(
                            n.weight(), bytes -> rotate(bytes, n.weight().shape().dim(0), 1))))
                : List.of(node));
  }

  private void rope() {
    rope(
        "rope-halves-swapped",
        "the two halves of a head are swapped, which turns backwards",
        Surgery::swapHalves);
    add(
        "rope-position-off-by-one",
        "keys are rotated for the next position",
        Group.GOLDENS,
        (node, weights) ->
            node instanceof Node.RotaryEmbedding n && n.name().endsWith("k_rope")
                ? Surgery.onePositionFurther(n, weights)
                : List.of(node));
    rope(
        "rope-position-off-by-one-everywhere",
        "queries and keys are rotated for the next position, which cancels in the scores",
        Surgery::onePositionFurther);
    rope(
        "rope-theta-ignored",
        "theta is always 10000",
        (n, weights) ->
            n.plan() instanceof RopePlan.Plain
                ? List.of(withPlan(n, new RopePlan.Plain(10_000)))
                : List.of(n));
    rope(
        "yarn-scale-missing",
        "cosine and sine are not multiplied by the attention factor",
        (n, weights) ->
            n.plan() instanceof RopePlan.Yarn y
                ? List.of(
                    withPlan(
                        n,
                        new RopePlan.Yarn(
                            y.theta(),
                            y.factor(),
                            y.originalMaxPositions(),
                            y.betaFast(),
                            y.betaSlow(),
                            1.0,
                            y.truncate())))
                : List.of(n));
    rope(
        "yarn-as-linear",
        "every pair is interpolated, fast or slow",
        (n, weights) ->
            n.plan() instanceof RopePlan.Yarn y
                ? List.of(withPlan(n, new RopePlan.Linear(y.theta(), y.factor())))
                : List.of(n));
  }

  private void attention() {
    attention(
        "window-one-too-wide",
        "a token sees one position more than the window",
        (n, w) -> List.of(window(n, n.slidingWindow() + 1)));
    attention(
        "window-one-too-narrow",
        "a token sees one position less than the window",
        (n, w) -> List.of(window(n, Math.max(1, n.slidingWindow() - 1))));
    attention(
        "window-ignored", "a token sees everything before it", (n, w) -> List.of(window(n, 0)));
    attention(
        "gqa-heads-interleaved",
        "query head h reads KV head h mod kvHeads",
        (n, weights) ->
            n.kvHeads() > 1 && n.kvHeads() < n.heads()
                ? Surgery.interleaveHeads(n, weights)
                : List.of(n));
    attention(
        "attention-scale-squared",
        "scores are divided by headDim instead of its root",
        (n, w) -> List.of(Surgery.attention(n, n.scale() * n.scale(), n.slidingWindow())));
  }

  private void experts() {
    router(
        "top-k-normalisation-flipped",
        "renormalises where it must not, and does not where it must",
        (n, w) ->
            List.of(
                new Node.MoeRouter(n.name(), n.input(), n.weight(), n.topK(), !n.normalizeTopK())));
    router(
        "top-k-one-less",
        "one expert too few is chosen",
        (n, w) ->
            List.of(
                new Node.MoeRouter(
                    n.name(),
                    n.input(),
                    n.weight(),
                    Math.max(1, n.topK() - 1),
                    n.normalizeTopK())));
    add(
        "shared-expert-gate-missing",
        "the shared expert is added whole",
        Group.GOLDENS,
        (node, weights) ->
            node instanceof Node.SigmoidGate n
                ? List.of(Surgery.copy(n.name(), n.value(), n.width(), weights))
                : List.of(node));
    experts(
        "expert-gate-and-up-swapped",
        "the activation is applied to the wrong projection of an expert",
        n -> n.experts().stream().map(e -> new Node.Expert(e.up(), e.gate(), e.down())).toList());
    experts(
        "experts-shifted",
        "expert e has the weights of expert e + 1",
        n -> {
          List<Node.Expert> shifted = new ArrayList<>(n.experts());
          Collections.rotate(shifted, -1);
          return shifted;
        });
  }

  private void rest() {
    norm("eps-dropped", "the eps of the norm is left out", 1e-30);
    norm("eps-fixed", "the eps of the norm is always 1e-5", 1e-5);
    add(
        "swiglu-operands-swapped",
        "the activation is applied to up instead of gate",
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.SwiGlu n
                ? List.of(new Node.SwiGlu(n.name(), n.up(), n.gate(), n.width()))
                : List.of(node));
    goldens(
        "residual-dropped",
        "the residual of the attention is not added",
        (node, weights) ->
            node instanceof Node.Add n && n.name().endsWith("self_attn.residual")
                ? List.of(Surgery.copy(n.name(), n.right(), n.width(), weights))
                : List.of(node));
  }

  private interface Of<T extends Node> {
    List<Node> apply(T node, Overlay weights);
  }

  private void rope(String name, String fault, Of<Node.RotaryEmbedding> change) {
    add(
        name,
        fault,
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.RotaryEmbedding n ? change.apply(n, weights) : List.of(node));
  }

  private void attention(String name, String fault, Of<Node.Attention> change) {
    boolean windowed = name.startsWith("window");
    add(
        name,
        fault,
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.Attention n && (!windowed || n.slidingWindow() > 0)
                ? change.apply(n, weights)
                : List.of(node));
  }

  private void router(String name, String fault, Of<Node.MoeRouter> change) {
    add(
        name,
        fault,
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.MoeRouter n ? change.apply(n, weights) : List.of(node));
  }

  private interface NewExperts {
    List<Node.Expert> of(Node.Experts node);
  }

  private void experts(String name, String fault, NewExperts change) {
    add(
        name,
        fault,
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.Experts n
                ? List.of(new Node.Experts(n.name(), n.input(), n.router(), change.of(n)))
                : List.of(node));
  }

  private void norm(String name, String fault, double eps) {
    add(
        name,
        fault,
        Group.OPERATIONS,
        (node, weights) ->
            node instanceof Node.RmsNorm n
                ? List.of(new Node.RmsNorm(n.name(), n.input(), n.weight(), eps))
                : List.of(node));
  }

  private void goldens(String name, String fault, Surgery.Change change) {
    add(name, fault, Group.GOLDENS, change);
  }

  private void add(String name, String fault, Group caughtBy, Surgery.Change change) {
    mutants.add(new Mutant(name, fault, caughtBy, Surgery.nodes(change)));
  }

  private static Node withPlan(Node.RotaryEmbedding node, RopePlan plan) {
    return new Node.RotaryEmbedding(node.name(), node.input(), node.heads(), node.headDim(), plan);
  }

  private static Node window(Node.Attention node, int slidingWindow) {
    return Surgery.attention(node, node.scale(), slidingWindow);
  }

  private static byte[] dropLowestBit(byte[] bf16) {
    for (int i = 0; i < bf16.length; i += 2) {
      bf16[i] = (byte) (bf16[i] & ~1);
    }
    return bf16;
  }

  /** Row r of the result is row {@code r - by}. */
  private static byte[] rotate(byte[] bytes, long rows, int by) {
    int shift = Math.toIntExact(bytes.length / rows * by);
    byte[] rotated = new byte[bytes.length];
    System.arraycopy(bytes, 0, rotated, shift, bytes.length - shift);
    System.arraycopy(bytes, bytes.length - shift, rotated, 0, shift);
    return rotated;
  }
}
