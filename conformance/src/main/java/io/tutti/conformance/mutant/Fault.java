package io.tutti.conformance.mutant;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.CapabilityReport;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.Sequence;
import io.tutti.api.graph.Graph;
import io.tutti.api.weights.WeightStore;

/** The places where a mutant can differ from the backend inside it; by default nowhere. */
interface Fault {
  /** Options handed on when the backend is opened. */
  default BackendOptions options(BackendOptions options) {
    return options;
  }

  /** What the mutant answers to {@code check}. */
  default CapabilityReport check(Backend healthy, Graph graph, WeightStore weights, Limits limits) {
    return healthy.check(graph, weights, limits);
  }

  /** Whether {@code compile} refuses what the mutant's own {@code check} calls unsupported. */
  default boolean refuses() {
    return true;
  }

  /** The graph that is really compiled; must keep the names of all nodes. */
  default Graph graph(Graph graph, Overlay weights) {
    return graph;
  }

  /** The limits that are really compiled for. */
  default Limits limits(Limits limits) {
    return limits;
  }

  /** Runs a step on the model inside. */
  default Rows step(CompiledModel healthy, Batch batch) {
    return Rows.of(healthy.step(batch));
  }

  /** Tokens put before every text, which the mutant hides from the length. */
  default int hiddenTokens() {
    return 0;
  }

  /** Whether a token out of range is brought into range silently. */
  default boolean wrapsTokens() {
    return false;
  }

  /** What {@code fork} returns. */
  default Sequence fork(Sequence healthy) {
    return healthy.fork();
  }

  /** What {@code truncate} does. */
  default void truncate(Sequence healthy, int length) {
    healthy.truncate(length);
  }

  /** Whether truncated tokens stay in the cache although the length no longer shows them. */
  default boolean remembersTruncated() {
    return false;
  }

  /** Whether {@code close} of sequences does something. */
  default boolean closesSequences() {
    return true;
  }

  /** Whether {@code close} of models does something. */
  default boolean closesModels() {
    return true;
  }

  /** Whether concurrent steps wait for one another. */
  default boolean queuesSteps() {
    return false;
  }
}
