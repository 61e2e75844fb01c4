package com.example.plain;

import io.tutti.api.backend.Batch;
import io.tutti.api.graph.Node;
import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * The arithmetic: each node's formula, as the Javadoc of {@link Node} gives it, over row-major
 * arrays {@code [tokens, width]}.
 */
final class Formulas {
  private Formulas() {}

  /** Where each token of a batch stands: its id, its position, its sequence, is its row wanted. */
  record Tokens(int[] ids, int[] positions, PlainSequence[] sequences, int[] wantedRows) {
    static Tokens of(Batch batch) {
      int count = batch.tokens();
      Tokens tokens =
          new Tokens(
              new int[count],
              new int[count],
              new PlainSequence[count],
              new int[batch.logitRows()]);
      int t = 0;
      int r = 0;
      for (Batch.Entry entry : batch.entries()) {
        int length = entry.tokens().length;
        for (int i = 0; i < length; i++, t++) {
          tokens.ids[t] = entry.tokens()[i];
          tokens.sequences[t] = (PlainSequence) entry.sequence();
          tokens.positions[t] = tokens.sequences[t].length() + i;
        }
        for (int i = entry.logits().rows(length); i > 0; i--) {
          tokens.wantedRows[r++] = t - i;
        }
      }
      return tokens;
    }

    int count() {
      return ids.length;
    }
  }

  static float[] compute(Node node, Map<String, float[]> x, Map<String, float[]> w, Tokens tokens) {
    // In-tree backends leave the default out; a plugin has one, for the operations of later hosts.
    return switch (node) {
      case Node.Embedding n -> embedding(n, w.get(n.table().name()), tokens);
      case Node.RmsNorm n -> rmsNorm(n, x.get(n.input()), w.get(n.weight().name()));
      case Node.Linear n -> linear(n, x.get(n.input()), w);
      case Node.RotaryEmbedding n -> rotary(n, x.get(n.input()), tokens);
      case Node.Attention n -> attention(n, x, tokens);
      case Node.SwiGlu n -> swiGlu(x.get(n.gate()), x.get(n.up()));
      case Node.MoeRouter n -> router(n, x.get(n.input()), w);
      case Node.Experts n -> experts(n, x.get(n.input()), x.get(n.router()), w, tokens.count());
      case Node.SigmoidGate n -> sigmoidGate(n, x.get(n.input()), x.get(n.value()), w);
      case Node.Add n -> add(x.get(n.left()), x.get(n.right()));
      case Node.LmHead n -> head(n, x.get(n.input()), w, tokens);
      default -> throw new IllegalStateException("check let " + node.op() + " through");
    };
  }

  private static float[] embedding(Node.Embedding n, float[] table, Tokens tokens) {
    float[] y = new float[tokens.count() * n.width()];
    for (int t = 0; t < tokens.count(); t++) {
      System.arraycopy(table, tokens.ids[t] * n.width(), y, t * n.width(), n.width());
    }
    return y;
  }

  private static float[] rmsNorm(Node.RmsNorm n, float[] x, float[] w) {
    float[] y = new float[x.length];
    for (int row = 0; row < x.length; row += n.width()) {
      float sum = 0;
      for (int i = 0; i < n.width(); i++) {
        sum += x[row + i] * x[row + i];
      }
      float norm = (float) Math.sqrt(sum / n.width() + n.eps());
      for (int i = 0; i < n.width(); i++) {
        y[row + i] = x[row + i] / norm * w[i];
      }
    }
    return y;
  }

  private static float[] linear(Node.Linear n, float[] x, Map<String, float[]> w) {
    float[] y = product(x, w, n.weight());
    if (n.bias().isPresent()) {
      float[] bias = w.get(n.bias().get().name());
      for (int i = 0; i < y.length; i++) {
        y[i] += bias[i % bias.length];
      }
    }
    return y;
  }

  private static float[] rotary(Node.RotaryEmbedding n, float[] x, Tokens tokens) {
    float[] y = new float[x.length];
    int half = n.headDim() / 2;
    double[] frequency = n.plan().inverseFrequencies(n.headDim());
    for (int t = 0; t < tokens.count(); t++) {
      for (int i = 0; i < half; i++) {
        // The angle in double: in f32 it would be wrong by whole turns in a long text.
        double angle = tokens.positions[t] * frequency[i];
        float cos = (float) (Math.cos(angle) * n.plan().scale());
        float sin = (float) (Math.sin(angle) * n.plan().scale());
        for (int head = 0; head < n.heads(); head++) {
          int a = t * n.width() + head * n.headDim() + i;
          int b = a + half;
          y[a] = x[a] * cos - x[b] * sin;
          y[b] = x[b] * cos + x[a] * sin;
        }
      }
    }
    return y;
  }

  private static float[] attention(Node.Attention n, Map<String, float[]> x, Tokens tokens) {
    float[] query = x.get(n.query());
    float[] y = new float[query.length];
    int kvWidth = n.kvHeads() * n.headDim();
    for (int t = 0; t < tokens.count(); t++) {
      PlainSequence sequence = tokens.sequences[t];
      int position = tokens.positions[t];
      sequence.put(n.kvSlot(), position, x.get(n.key()), x.get(n.value()), t * kvWidth, kvWidth);
      int first = n.slidingWindow() == 0 ? 0 : Math.max(0, position - n.slidingWindow() + 1);
      for (int head = 0; head < n.heads(); head++) {
        int row = t * n.width() + head * n.headDim();
        int kvHead = head / (n.heads() / n.kvHeads()) * n.headDim();
        float[] scores = new float[position - first + 1];
        for (int p = first; p <= position; p++) {
          float[] keys = sequence.keys(n.kvSlot());
          scores[p - first] =
              dot(query, row, keys, p * kvWidth + kvHead, n.headDim()) * (float) n.scale();
        }
        softmax(scores, 0, scores.length);
        float[] values = sequence.values(n.kvSlot());
        for (int p = first; p <= position; p++) {
          for (int i = 0; i < n.headDim(); i++) {
            y[row + i] += scores[p - first] * values[p * kvWidth + kvHead + i];
          }
        }
      }
    }
    return y;
  }

  private static float[] swiGlu(float[] gate, float[] up) {
    float[] y = new float[gate.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = gate[i] / (1 + (float) Math.exp(-gate[i])) * up[i];
    }
    return y;
  }

  private static float[] router(Node.MoeRouter n, float[] x, Map<String, float[]> w) {
    float[] scores = product(x, w, n.weight());
    float[] y = new float[scores.length];
    for (int row = 0; row < scores.length; row += n.width()) {
      softmax(scores, row, n.width()); // over all experts, before any is chosen
      float sum = 0;
      for (int k = 0; k < n.topK(); k++) {
        int best = row;
        for (int e = row; e < row + n.width(); e++) {
          best = scores[e] > scores[best] ? e : best; // ties stay with the lower expert
        }
        y[best] = scores[best];
        sum += scores[best];
        scores[best] = -1; // taken
      }
      for (int e = row; n.normalizeTopK() && e < row + n.width(); e++) {
        y[e] /= sum;
      }
    }
    return y;
  }

  private static float[] experts(
      Node.Experts n, float[] x, float[] router, Map<String, float[]> w, int tokens) {
    float[] y = new float[tokens * n.width()];
    int in = x.length / tokens;
    for (int t = 0; t < tokens; t++) {
      float[] row = Arrays.copyOfRange(x, t * in, (t + 1) * in);
      for (int e = 0; e < n.experts().size(); e++) {
        float share = router[t * n.experts().size() + e];
        if (share != 0) {
          Node.Expert expert = n.experts().get(e);
          float[] act = swiGlu(product(row, w, expert.gate()), product(row, w, expert.up()));
          float[] down = product(act, w, expert.down());
          for (int i = 0; i < n.width(); i++) {
            y[t * n.width() + i] += share * down[i];
          }
        }
      }
    }
    return y;
  }

  private static float[] sigmoidGate(
      Node.SigmoidGate n, float[] x, float[] value, Map<String, float[]> w) {
    float[] gate = product(x, w, n.weight()); // [tokens, 1]
    float[] y = new float[value.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = value[i] / (1 + (float) Math.exp(-gate[i / n.width()]));
    }
    return y;
  }

  private static float[] add(float[] left, float[] right) {
    float[] y = new float[left.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = left[i] + right[i];
    }
    return y;
  }

  /** Only the rows whose logits are wanted. */
  private static float[] head(Node.LmHead n, float[] x, Map<String, float[]> w, Tokens tokens) {
    int in = (int) n.weight().shape().dim(1);
    float[] rows = new float[tokens.wantedRows.length * in];
    for (int r = 0; r < tokens.wantedRows.length; r++) {
      System.arraycopy(x, tokens.wantedRows[r] * in, rows, r * in, in);
    }
    return product(rows, w, n.weight());
  }

  /** {@code y[t,o] = sum_i x[t,i] w[o,i]}. */
  private static float[] product(float[] x, Map<String, float[]> weights, WeightRef ref) {
    float[] w = weights.get(ref.name());
    int out = (int) ref.shape().dim(0);
    int in = (int) ref.shape().dim(1);
    float[] y = new float[x.length / in * out];
    for (int i = 0; i < y.length; i++) {
      y[i] = dot(x, i / out * in, w, i % out * in, in);
    }
    return y;
  }

  private static float dot(float[] a, int atA, float[] b, int atB, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += a[atA + i] * b[atB + i];
    }
    return sum;
  }

  private static void softmax(float[] x, int from, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, x[i]);
    }
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      x[i] = (float) Math.exp(x[i] - max);
      sum += x[i];
    }
    for (int i = from; i < from + count; i++) {
      x[i] /= sum;
    }
  }

  /** A weight as floats. A view may begin at any address: hence the unaligned layouts. */
  static float[] floats(Weight weight) {
    var f32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    var i16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    MemorySegment data = weight.data();
    float[] floats = new float[Math.toIntExact(weight.shape().elements())];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          switch (weight.dtype()) {
            case F32 -> data.get(f32, 4L * i);
            case F16 -> Float.float16ToFloat(data.get(i16, 2L * i));
            case BF16 -> Float.intBitsToFloat(data.get(i16, 2L * i) << 16);
            default -> throw new IllegalStateException("check let " + weight + " through");
          };
    }
    return floats;
  }
}
