package io.tutti.backend.reference;

import io.tutti.api.graph.Node;

/**
 * Causal grouped-query attention: {@code y[t,h] = softmax_p(scale q[t,h] . k[p,g]) v[p,g]} over the
 * positions p of the token's own sequence that it may see, with {@code g = h / (heads / kvHeads)}.
 *
 * @param node the node
 */
record AttentionOperation(Node.Attention node) implements Operation {
  @Override
  public double[] run(Step step) {
    int kvWidth = node.kvHeads() * node.headDim();
    double[] keys = step.value(node.key());
    double[] values = step.value(node.value());
    // 1. append this step's keys and values to the cache of each sequence
    for (int t = 0; t < step.tokens(); t++) {
      step.sequence(t).slot(node.kvSlot()).put(step.position(t), keys, values, t * kvWidth);
    }
    // 2. attend, each token and head for itself
    double[] query = step.value(node.query());
    double[] y = new double[query.length];
    step.workers()
        .forEach(
            step.tokens() * node.heads(),
            (from, to) -> {
              for (int th = from; th < to; th++) {
                attend(step, th / node.heads(), th % node.heads(), query, y);
              }
            });
    return y;
  }

  private void attend(Step step, int t, int head, double[] query, double[] y) {
    int headDim = node.headDim();
    int row = t * node.width() + head * headDim;
    int kvHead = head / (node.heads() / node.kvHeads());
    KvPages cache = step.sequence(t).slot(node.kvSlot());
    // 1. what the token sees: itself and what came before it, or a window of that
    int last = step.position(t);
    int first = node.slidingWindow() == 0 ? 0 : Math.max(0, last - node.slidingWindow() + 1);
    // 2. scores
    double[] weights = new double[last - first + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int p = first; p <= last; p++) {
      double[] k = cache.keys(p);
      int at = cache.offset(p) + kvHead * headDim;
      double sum = 0;
      for (int i = 0; i < headDim; i++) {
        sum += query[row + i] * k[at + i];
      }
      weights[p - first] = sum * node.scale();
      max = Math.max(max, weights[p - first]);
    }
    // 3. softmax
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(weights[i] - max);
      total += weights[i];
    }
    // 4. weighted sum of the values
    for (int p = first; p <= last; p++) {
      double[] v = cache.values(p);
      int at = cache.offset(p) + kvHead * headDim;
      double weight = weights[p - first] / total;
      for (int i = 0; i < headDim; i++) {
        y[row + i] += weight * v[at + i];
      }
    }
  }
}
