package io.tutti.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far two runs of one text agree.
 *
 * @param left name of the one
 * @param right name of the other
 * @param tokens length of the text
 * @param tolerance NMSE of a row from which on it counts as parted
 * @param divergence the first place where they part, if they do
 * @param errors for each node compared, in the graph's order, its largest NMSE of a row
 */
public record DiffReport(
    String left,
    String right,
    int tokens,
    double tolerance,
    Optional<Divergence> divergence,
    List<NodeError> errors) {
  /** Copies the list. */
  public DiffReport {
    errors = List.copyOf(errors);
  }

  /**
   * The largest error of a node.
   *
   * @param node its name
   * @param op its operation
   * @param nmse largest NMSE of a row
   */
  public record NodeError(String node, String op, double nmse) {}

  /** Tells whether no node parts. */
  public boolean agree() {
    return divergence.isEmpty();
  }

  /** For people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s against %s, %d tokens, tolerance NMSE %.3g%n",
            left,
            right,
            tokens,
            tolerance));
    if (divergence.isPresent()) {
      return text.append(divergence.get().text(left, right)).toString();
    }
    NodeError worst = worst();
    return text.append(
            String.format(
                Locale.ROOT,
                "no divergence in %d nodes; largest NMSE %.3g at %s (%s)%n",
                errors.size(),
                worst.nmse(),
                worst.node(),
                worst.op()))
        .toString();
  }

  /** For programs; one object, stable field names. */
  public String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("left", left);
    root.put("right", right);
    root.put("tokens", tokens);
    root.put("tolerance", tolerance);
    root.put("agree", agree());
    divergence.ifPresent(d -> root.put("divergence", d.fields()));
    root.put(
        "errors",
        errors.stream()
            .map(
                error -> {
                  Map<String, Object> fields = new LinkedHashMap<>();
                  fields.put("node", error.node());
                  fields.put("op", error.op());
                  fields.put("nmse", error.nmse());
                  return (Object) fields;
                })
            .toList());
    return Json.write(root);
  }

  private NodeError worst() {
    NodeError worst = errors.getFirst();
    for (NodeError error : errors) {
      worst = error.nmse() > worst.nmse() ? error : worst;
    }
    return worst;
  }
}
