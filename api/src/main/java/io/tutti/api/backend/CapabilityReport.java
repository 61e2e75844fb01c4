package io.tutti.api.backend;

import io.tutti.api.UnsupportedGraphException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The answer to {@link Backend#check}: a verdict for every node, the memory needed, and how the
 * backend computes.
 *
 * @param verdicts one per node, in the graph's order
 * @param memory estimate for these limits
 * @param numerics declaration that the conformance kit holds the backend to
 * @param limitations what does not belong to a node, such as a limit that is too high; empty if
 *     there is none
 */
public record CapabilityReport(
    List<NodeVerdict> verdicts,
    MemoryEstimate memory,
    Numerics numerics,
    List<String> limitations) {
  /** Copies the lists. */
  public CapabilityReport {
    verdicts = List.copyOf(verdicts);
    limitations = List.copyOf(limitations);
  }

  /**
   * The verdict about one node.
   *
   * @param node name of the node
   * @param op name of its operation
   * @param support the verdict
   */
  public record NodeVerdict(String node, String op, Support support) {}

  /** Tells whether everything is supported. */
  public boolean supported() {
    return limitations.isEmpty() && unsupported().isEmpty();
  }

  /** The nodes that cannot be run. */
  public List<NodeVerdict> unsupported() {
    return verdicts.stream()
        .filter(verdict -> verdict.support() instanceof Support.Unsupported)
        .toList();
  }

  /**
   * Refuses what is unsupported; {@code compile} begins with it.
   *
   * @throws UnsupportedGraphException naming the backend, the first nodes and the reasons
   */
  public void requireSupported(String backend) {
    if (supported()) {
      return;
    }
    List<NodeVerdict> nodes = unsupported();
    String reasons =
        nodes.stream()
            .limit(3)
            .map(
                verdict ->
                    verdict.node()
                        + " ("
                        + verdict.op()
                        + "): "
                        + ((Support.Unsupported) verdict.support()).reason())
            .collect(Collectors.joining("; "));
    String more = nodes.size() > 3 ? "; and " + (nodes.size() - 3) + " more nodes" : "";
    throw new UnsupportedGraphException(
        "backend "
            + backend
            + " cannot run this graph: "
            + String.join("; ", limitations)
            + (limitations.isEmpty() || nodes.isEmpty() ? "" : "; ")
            + reasons
            + more
            + " (see `tutti inspect`, or choose another backend)");
  }
}
