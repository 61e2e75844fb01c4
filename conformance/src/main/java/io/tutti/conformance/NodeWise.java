package io.tutti.conformance;

import io.tutti.api.backend.CompiledModel;
import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares every node of a graph with its formula on the inputs that the backend itself had. */
final class NodeWise {
  private NodeWise() {}

  /**
   * Runs a text in chunks with every node tapped and judges each node.
   *
   * @param atLeast tolerance that the case grants whatever the class
   * @return the largest error and where
   */
  static String check(
      CompiledModel model, WeightValues weights, int[] ids, int chunk, double atLeast) {
    Graph graph = model.graph();
    Set<String> all = graph.nodes().stream().map(Node::name).collect(Collectors.toSet());
    Trace trace = Trace.record(model, ids, chunk, all);
    Oracle oracle = new Oracle(weights);
    Tolerances tolerances = new Tolerances(model.report().numerics());
    double worst = 0;
    String where = "every node";
    for (Node node : graph.nodes()) {
      double tolerance = Math.max(tolerances.node(node), atLeast);
      double[] truth = oracle.compute(node, trace);
      float[] found = trace.value(node.name());
      if (node instanceof Node.MoeRouter router) {
        forgiveCloseChoices(router, oracle, trace, found, truth, tolerance);
      }
      Comparison comparison = Comparison.of(found, truth);
      if (!comparison.within(tolerance)) {
        throw CheckStopped.failed(
            String.format(
                Locale.ROOT,
                "node %s (%s): %s, tolerance %.1g",
                node.name(),
                node.op(),
                comparison.describe(node.width()),
                tolerance));
      }
      if (comparison.nmse() > worst) {
        worst = comparison.nmse();
        where = node.name();
      }
    }
    return String.format(Locale.ROOT, "largest NMSE %.2g at %s", worst, where);
  }

  /** Takes rows out of the comparison in which the choice of experts hangs on rounding. */
  private static void forgiveCloseChoices(
      Node.MoeRouter router,
      Oracle oracle,
      Trace trace,
      float[] found,
      double[] truth,
      double tolerance) {
    double close = 4 * Math.sqrt(tolerance) / router.width();
    for (int t = 0; t < trace.ids().length; t++) {
      double margin = oracle.margin(router, trace, t);
      if (margin > 0 && margin < close) { // exact ties are bound: the lower expert wins
        for (int i = t * router.width(); i < (t + 1) * router.width(); i++) {
          truth[i] = found[i];
        }
      }
    }
  }
}
