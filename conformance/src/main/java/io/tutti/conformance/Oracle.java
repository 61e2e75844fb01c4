package io.tutti.conformance;

import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The formula of every node in binary64, given the inputs that a backend itself had: so each node
 * is judged alone, and an error is found where it is made. Written for the kit, from the
 * definitions in {@link Node}, apart from every backend.
 */
final class Oracle {
  private final WeightValues weights;

  Oracle(WeightValues weights) {
    this.weights = weights;
  }

  /**
   * Computes a node for a whole text that begins at position 0.
   *
   * @return {@code [tokens, width]}
   */
  double[] compute(Node node, Trace trace) {
    int tokens = trace.ids().length;
    double[] y = new double[tokens * node.width()];
    for (int t = 0; t < tokens; t++) {
      double[] row = row(node, trace, t);
      System.arraycopy(row, 0, y, t * node.width(), row.length);
    }
    return y;
  }

  private double[] row(Node node, Trace trace, int t) {
    return switch (node) {
      case Node.Embedding n -> {
        double[] table = weights.values(n.table().name());
        int at = trace.ids()[t] * n.width();
        yield Arrays.copyOfRange(table, at, at + n.width());
      }
      case Node.RmsNorm n -> {
        double[] x = input(trace, n.input(), t, n.width());
        double[] w = weights.values(n.weight().name());
        double meanSquare = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
        yield fill(n.width(), i -> x[i] * w[i] / Math.sqrt(meanSquare + n.eps()));
      }
      case Node.Linear n -> {
        double[] y = times(n.weight(), input(trace, n.input(), t, n.inputWidth()));
        if (n.bias().isPresent()) {
          double[] bias = weights.values(n.bias().get().name());
          Arrays.setAll(y, o -> y[o] + bias[o]);
        }
        yield y;
      }
      case Node.RotaryEmbedding n -> rotate(n, input(trace, n.input(), t, n.width()), t);
      case Node.Attention n -> attend(n, trace, t);
      case Node.SwiGlu n -> {
        double[] gate = input(trace, n.gate(), t, n.width());
        double[] up = input(trace, n.up(), t, n.width());
        yield fill(n.width(), i -> silu(gate[i]) * up[i]);
      }
      case Node.MoeRouter n -> route(n, scores(n, trace, t));
      case Node.Experts n -> {
        int in = (int) n.experts().getFirst().gate().shape().dim(1);
        double[] x = input(trace, n.input(), t, in);
        double[] share = input(trace, n.router(), t, n.experts().size());
        double[] y = new double[n.width()];
        for (int e = 0; e < share.length; e++) {
          if (share[e] != 0) {
            Node.Expert expert = n.experts().get(e);
            double[] gate = times(expert.gate(), x);
            double[] up = times(expert.up(), x);
            double[] down = times(expert.down(), fill(gate.length, i -> silu(gate[i]) * up[i]));
            double weight = share[e];
            Arrays.setAll(y, i -> y[i] + weight * down[i]);
          }
        }
        yield y;
      }
      case Node.SigmoidGate n -> {
        double[] value = input(trace, n.value(), t, n.width());
        double[] x = input(trace, n.input(), t, (int) n.weight().shape().dim(1));
        double gate = 1 / (1 + Math.exp(-times(n.weight(), x)[0]));
        yield fill(n.width(), i -> value[i] * gate);
      }
      case Node.Add n -> {
        double[] left = input(trace, n.left(), t, n.width());
        double[] right = input(trace, n.right(), t, n.width());
        yield fill(n.width(), i -> left[i] + right[i]);
      }
      case Node.LmHead n ->
          times(n.weight(), input(trace, n.input(), t, (int) n.weight().shape().dim(1)));
    };
  }

  /**
   * How clearly the router chose at a token: the probability of the last expert kept minus that of
   * the first one left out. A backend that rounds may rightly choose otherwise where it is small.
   */
  double margin(Node.MoeRouter node, Trace trace, int t) {
    double[] sorted = softmax(scores(node, trace, t));
    Arrays.sort(sorted);
    int left = sorted.length - node.topK() - 1;
    return left < 0 ? 1 : sorted[left + 1] - sorted[left];
  }

  private double[] scores(Node.MoeRouter node, Trace trace, int t) {
    return times(node.weight(), input(trace, node.input(), t, (int) node.weight().shape().dim(1)));
  }

  private static double[] route(Node.MoeRouter node, double[] scores) {
    double[] p = softmax(scores);
    int[] chosen =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer e) -> -p[e])) // stable: ties keep order
            .limit(node.topK())
            .mapToInt(e -> e)
            .toArray();
    double norm = node.normalizeTopK() ? Arrays.stream(chosen).mapToDouble(e -> p[e]).sum() : 1.0;
    double[] y = new double[p.length];
    for (int e : chosen) {
      y[e] = p[e] / norm;
    }
    return y;
  }

  private static double[] rotate(Node.RotaryEmbedding node, double[] x, int position) {
    double[] frequency = node.plan().inverseFrequencies(node.headDim());
    int half = node.headDim() / 2;
    double scale = node.plan().scale();
    return fill(
        x.length,
        i -> {
          int within = i % node.headDim();
          double angle = position * frequency[within % half];
          double partner = within < half ? -x[i + half] : x[i - half];
          return scale * (x[i] * Math.cos(angle) + partner * Math.sin(angle));
        });
  }

  private static double[] attend(Node.Attention node, Trace trace, int t) {
    int headDim = node.headDim();
    int kvWidth = node.kvHeads() * headDim;
    int group = node.heads() / node.kvHeads();
    double[] query = input(trace, node.query(), t, node.width());
    int first = node.slidingWindow() > 0 ? Math.max(0, t + 1 - node.slidingWindow()) : 0;
    double[] y = new double[node.width()];
    for (int head = 0; head < node.heads(); head++) {
      int q = head * headDim;
      int kv = head / group * headDim;
      double[] score = new double[t + 1 - first];
      for (int p = first; p <= t; p++) {
        double[] key = input(trace, node.key(), p, kvWidth);
        score[p - first] =
            node.scale()
                * IntStream.range(0, headDim).mapToDouble(i -> query[q + i] * key[kv + i]).sum();
      }
      double[] share = softmax(score);
      for (int p = first; p <= t; p++) {
        double[] value = input(trace, node.value(), p, kvWidth);
        for (int i = 0; i < headDim; i++) {
          y[q + i] += share[p - first] * value[kv + i];
        }
      }
    }
    return y;
  }

  private double[] times(WeightRef ref, double[] x) {
    double[] w = weights.values(ref.name());
    return fill(
        (int) ref.shape().dim(0),
        o -> {
          double sum = 0;
          for (int i = x.length - 1; i >= 0; i--) {
            sum += w[o * x.length + i] * x[i];
          }
          return sum;
        });
  }

  private static double[] softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double[] e = Arrays.stream(x).map(v -> Math.exp(v - max)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  private static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  private static double[] fill(int width, IntToDoubleFunction f) {
    double[] y = new double[width];
    Arrays.setAll(y, f);
    return y;
  }

  private static double[] input(Trace trace, String node, int t, int width) {
    float[] x = trace.value(node);
    double[] row = new double[width];
    for (int i = 0; i < width; i++) {
      row[i] = x[t * width + i];
    }
    return row;
  }
}
