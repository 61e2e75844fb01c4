package io.tutti.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first place where two runs part.
 *
 * @param node name of the node
 * @param op its operation
 * @param inputs the nodes it reads
 * @param weights the tensors it reads, with type and shape
 * @param position position of the token, from 0
 * @param token its id
 * @param nmse error of that row against the right-hand side
 * @param left statistics of the row on the left
 * @param right statistics of the row on the right
 * @param values the first values of the row that differ visibly
 */
public record Divergence(
    String node,
    String op,
    List<String> inputs,
    List<String> weights,
    int position,
    int token,
    double nmse,
    TensorStatistics left,
    TensorStatistics right,
    List<Value> values) {
  /** Copies the lists. */
  public Divergence {
    inputs = List.copyOf(inputs);
    weights = List.copyOf(weights);
    values = List.copyOf(values);
  }

  /**
   * A value that differs.
   *
   * @param index within the row
   * @param left the one
   * @param right the other
   */
  public record Value(int index, float left, float right) {}

  String text(String leftName, String rightName) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "first divergence: node %s (%s), position %d (token %d), NMSE %.3g%n",
            node,
            op,
            position,
            token,
            nmse));
    text.append("  reads ").append(String.join(", ", inputs)).append('\n');
    if (!weights.isEmpty()) {
      text.append("  weights ").append(String.join(", ", weights)).append('\n');
    }
    text.append(String.format(Locale.ROOT, "  %-12s %s%n", leftName, left.text()));
    text.append(String.format(Locale.ROOT, "  %-12s %s%n", rightName, right.text()));
    for (Value value : values) {
      text.append(
          String.format(
              Locale.ROOT, "  [%d] % .9g | % .9g%n", value.index, value.left, value.right));
    }
    return text.toString();
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("node", node);
    fields.put("op", op);
    fields.put("inputs", inputs);
    fields.put("weights", weights);
    fields.put("position", position);
    fields.put("token", token);
    fields.put("nmse", nmse);
    fields.put("left", left.fields());
    fields.put("right", right.fields());
    fields.put(
        "values",
        values.stream()
            .map(
                v -> {
                  Map<String, Object> value = new LinkedHashMap<>();
                  value.put("index", v.index());
                  value.put("left", (double) v.left());
                  value.put("right", (double) v.right());
                  return (Object) value;
                })
            .toList());
    return fields;
  }
}
