package io.tutti.api.weights;

import io.tutti.api.CheckpointException;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of one checkpoint, mapped and not copied. Safe for use by several threads.
 *
 * <p>Whoever opened the store closes it, after every model compiled from it; closing twice does
 * nothing, and any use of a weight after that is an {@link IllegalStateException}.
 */
public interface WeightStore extends AutoCloseable {
  /** Where the weights come from, for messages: a path or a description. */
  String source();

  /** Names of all tensors, in the order of the file. */
  Set<String> names();

  /** Looks a tensor up. */
  Optional<Weight> find(String name);

  /**
   * Returns a tensor that must be there.
   *
   * @throws CheckpointException if there is none of that name
   */
  default Weight get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "tensor "
                        + name
                        + ": missing in "
                        + source()
                        + " (expected by the model's graph)"));
  }

  /** Releases the mapping. Idempotent. */
  @Override
  void close();
}
