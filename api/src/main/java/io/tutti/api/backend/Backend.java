package io.tutti.api.backend;

import io.tutti.api.BackendException;
import io.tutti.api.UnsupportedGraphException;
import io.tutti.api.graph.Graph;
import io.tutti.api.weights.WeightStore;
import java.util.List;
import java.util.Optional;

/**
 * A device, opened. Thread-safe. Its owner closes it after every model compiled with it; closing is
 * idempotent and any use after it is an {@link IllegalStateException}.
 */
public interface Backend extends AutoCloseable {
  /** Name of the provider that opened it. */
  String name();

  /** Describes the device. */
  DeviceDescription device();

  /** The kernels in use, by name. */
  default List<KernelChoice> kernels() {
    return List.of();
  }

  /**
   * Says, before anything is loaded, whether this backend can run the graph over these weights
   * within the limits, what memory that needs, and how it computes. Answers for every node; never
   * throws because something is unsupported.
   */
  CapabilityReport check(Graph graph, WeightStore weights, Limits limits);

  /**
   * Prepares a graph. The store must stay open as long as the model.
   *
   * @param progress told about the loading, on the calling thread
   * @throws UnsupportedGraphException if {@code check} says so; nothing is changed or replaced
   *     silently
   * @throws BackendException if the device fails or memory is short
   */
  CompiledModel compile(Graph graph, WeightStore weights, Limits limits, ProgressListener progress);

  /** An optional feature of this backend that the contract does not know. */
  default <T> Optional<T> extension(Class<T> type) {
    return Optional.empty();
  }

  @Override
  void close();
}
