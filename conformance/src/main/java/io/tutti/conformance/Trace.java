package io.tutti.conformance;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.api.graph.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a backend computed for one text from its first token on: outputs of nodes over all its
 * tokens, however many steps it took.
 *
 * @param ids the tokens
 * @param values by node: {@code [tokens, width]}; the head's are the logits
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
record Trace(int[] ids, Map<String, float[]> values) {
  /**
   * Runs a text through a fresh sequence.
   *
   * @param chunk tokens a step
   * @param taps nodes to record, the head included or not
   */
  static Trace record(CompiledModel model, int[] ids, int chunk, Set<String> taps) {
    Map<String, Node> nodes =
        model.graph().nodes().stream()
            .filter(node -> taps.contains(node.name()))
            .collect(Collectors.toMap(Node::name, node -> node));
    Map<String, float[]> values = new HashMap<>();
    nodes.forEach((name, node) -> values.put(name, new float[ids.length * node.width()]));
    try (Sequence sequence = model.newSequence()) {
      for (int from = 0; from < ids.length; from += chunk) {
        int to = Math.min(ids.length, from + chunk);
        StepResult result =
            model.step(
                Batch.of(
                        new Batch.Entry(
                            sequence, Arrays.copyOfRange(ids, from, to), LogitsWanted.ALL))
                    .withTaps(taps));
        Expect.equal(sequence.length(), to, "length of the sequence after a step");
        for (Node node : nodes.values()) {
          float[] tap = tap(result, node, to - from);
          System.arraycopy(
              tap, 0, values.get(node.name()), from * node.width(), (to - from) * node.width());
        }
      }
    }
    return new Trace(ids, values);
  }

  float[] value(String node) {
    return values.get(node);
  }

  private static float[] tap(StepResult result, Node node, int tokens) {
    Expect.that(
        result.taps().containsKey(node.name()),
        "tap " + node.name() + ": not in the result (expected: every tap that was asked for)");
    float[] tap = result.tap(node.name());
    Expect.that(
        tap.length >= tokens * node.width(),
        "tap "
            + node.name()
            + ": "
            + tap.length
            + " values (expected: ["
            + tokens
            + ", "
            + node.width()
            + "])");
    return tap;
  }
}
