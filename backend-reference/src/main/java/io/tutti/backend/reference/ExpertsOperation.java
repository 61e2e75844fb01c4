package io.tutti.backend.reference;

import io.tutti.api.graph.Node;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y[t] = sum_e r[t,e] down_e(silu(gate_e(x[t])) * up_e(x[t]))}, experts in their order.
 *
 * @param node the node
 * @param experts their weights
 */
record ExpertsOperation(Node.Experts node, List<ExpertWeights> experts) implements Operation {
  /** The three matrices of one expert: {@code [i, h]}, {@code [i, h]}, {@code [h, i]}. */
  record ExpertWeights(Weight gate, Weight up, Weight down) {}

  static ExpertsOperation of(Node.Experts node, WeightStore weights) {
    return new ExpertsOperation(
        node,
        node.experts().stream()
            .map(
                expert ->
                    new ExpertWeights(
                        weights.get(expert.gate().name()),
                        weights.get(expert.up().name()),
                        weights.get(expert.down().name())))
            .toList());
  }

  @Override
  public double[] run(Step step) {
    double[] x = step.value(node.input());
    double[] router = step.value(node.router());
    int width = node.width();
    int in = x.length / step.tokens();
    double[] y = new double[step.tokens() * width];
    for (int e = 0; e < experts.size(); e++) {
      // 1. the tokens that chose this expert, side by side
      int[] chosen = tokensOf(router, e, step.tokens());
      if (chosen.length == 0) {
        continue;
      }
      double[] rows = new double[chosen.length * in];
      for (int c = 0; c < chosen.length; c++) {
        System.arraycopy(x, chosen[c] * in, rows, c * in, in);
      }
      // 2. its feed-forward block
      ExpertWeights expert = experts.get(e);
      double[] gate = Projection.apply(step.workers(), expert.gate(), rows, chosen.length);
      double[] up = Projection.apply(step.workers(), expert.up(), rows, chosen.length);
      double[] act = SwiGluOperation.apply(gate, up);
      double[] down = Projection.apply(step.workers(), expert.down(), act, chosen.length);
      // 3. weighted into the sum
      for (int c = 0; c < chosen.length; c++) {
        double weight = router[chosen[c] * experts.size() + e];
        for (int i = 0; i < width; i++) {
          y[chosen[c] * width + i] += weight * down[c * width + i];
        }
      }
    }
    return y;
  }

  private int[] tokensOf(double[] router, int expert, int tokens) {
    int[] chosen = new int[tokens];
    int count = 0;
    for (int t = 0; t < tokens; t++) {
      if (router[t * experts.size() + expert] != 0) {
        chosen[count++] = t;
      }
    }
    return Arrays.copyOf(chosen, count);
  }
}
