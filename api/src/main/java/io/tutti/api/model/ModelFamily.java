package io.tutti.api.model;

import io.tutti.api.CheckpointException;
import io.tutti.api.SpiVersionRange;
import io.tutti.api.graph.Graph;
import java.util.Set;

/**
 * An architecture: turns a configuration into a graph. Found by {@link java.util.ServiceLoader};
 * stateless.
 */
public interface ModelFamily {
  /** Name of the family, such as {@code qwen2_moe}. */
  String name();

  /** Values of the config field {@code model_type} that this family builds. */
  Set<String> modelTypes();

  /**
   * The SPI versions this plugin speaks; see {@link
   * io.tutti.api.backend.BackendProvider#spiVersions()}.
   */
  SpiVersionRange spiVersions();

  /**
   * Builds the graph. A pure function of the configuration: no file is read.
   *
   * @throws CheckpointException if a field is missing, out of range, or asks for something this
   *     family does not know
   */
  Graph build(ConfigTree config);
}
