package io.tutti.api.weights;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One tensor of a checkpoint: a read-only view of mapped memory, borrowed from its {@link
 * WeightStore}.
 *
 * <p>The view may start at any byte offset; read it with unaligned layouts.
 *
 * @param name name in the Hugging Face scheme, such as {@code
 *     model.layers.0.self_attn.q_proj.weight}
 * @param dtype element type or block layout
 * @param shape extents, row-major; {@code [out, in]} for a projection
 * @param data exactly {@code dtype.bytes(shape)} bytes
 */
public record Weight(String name, DType dtype, Shape shape, MemorySegment data) {
  /** Validates that the view has exactly the size that type and shape ask for. */
  public Weight {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
    long expected = dtype.bytes(shape);
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "weight "
              + name
              + ": "
              + data.byteSize()
              + " bytes (expected: "
              + expected
              + " for "
              + dtype
              + " "
              + shape
              + ")");
    }
  }

  @Override
  public String toString() {
    return name + " " + dtype + " " + shape;
  }
}
