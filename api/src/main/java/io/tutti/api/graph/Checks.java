package io.tutti.api.graph;

/** Argument checks shared by the node records; each message names the node. */
final class Checks {
  private Checks() {}

  static void matrix(String node, WeightRef weight) {
    rank(node, weight, 2);
  }

  static void vector(String node, WeightRef weight) {
    rank(node, weight, 1);
  }

  static void positive(String node, String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= 1), node: " + node);
    }
  }

  private static void rank(String node, WeightRef weight, int rank) {
    boolean fits = weight.shape().rank() == rank;
    for (int i = 0; fits && i < rank; i++) {
      long dim = weight.shape().dim(i);
      fits = dim >= 1 && dim <= Integer.MAX_VALUE;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "weight: "
              + weight
              + " (expected: "
              + rank
              + " axes, each 1.."
              + Integer.MAX_VALUE
              + "), node: "
              + node);
    }
  }
}
