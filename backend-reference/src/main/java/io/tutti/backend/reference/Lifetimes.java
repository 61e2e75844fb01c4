package io.tutti.backend.reference;

import io.tutti.api.graph.Graph;
import io.tutti.api.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values are read for the last time where, so that a step forgets them there.
 *
 * @param lastReads for each node in the graph's order, the values that nobody reads after it
 * @param widestMoment largest sum of the widths of the values alive at a time
 */
record Lifetimes(List<List<String>> lastReads, long widestMoment) {
  static Lifetimes of(Graph graph) {
    Map<String, Integer> lastReader = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      lastReader.put(node.name(), i); // a value that nobody reads dies where it was made
      for (String input : node.inputs()) {
        lastReader.put(input, i);
      }
    }
    List<List<String>> lastReads = new ArrayList<>();
    graph.nodes().forEach(node -> lastReads.add(new ArrayList<>()));
    lastReader.forEach((value, reader) -> lastReads.get(reader).add(value));

    Map<String, Integer> alive = new HashMap<>();
    long now = 0;
    long widest = 0;
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      alive.put(node.name(), node instanceof Node.LmHead ? 0 : node.width());
      now += alive.get(node.name());
      widest = Math.max(widest, now);
      for (String value : lastReads.get(i)) {
        now -= alive.get(value);
      }
    }
    return new Lifetimes(lastReads, widest);
  }
}
