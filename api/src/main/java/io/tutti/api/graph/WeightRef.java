package io.tutti.api.graph;

import io.tutti.api.weights.Shape;
import java.util.Objects;

/**
 * A node's reference to a tensor of the checkpoint.
 *
 * @param name the tensor's name in the Hugging Face scheme
 * @param shape the shape that the node expects
 */
public record WeightRef(String name, Shape shape) {
  /** Validates that nothing is missing. */
  public WeightRef {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
