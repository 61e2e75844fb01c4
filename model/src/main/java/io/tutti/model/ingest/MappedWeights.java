package io.tutti.model.ingest;

import io.tutti.api.CheckpointException;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The weights of one checkpoint and the arena that maps them; owner of that arena.
 *
 * <p>A tensor of a type that no backend reads (an IQ type, say) is listed, and refused when it is
 * asked for.
 */
public final class MappedWeights implements WeightStore {
  private final String source;
  private final Arena arena;
  private final Map<String, Entry> entries;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A tensor of the directory. */
  public sealed interface Entry {
    /** A tensor that can be read. */
    record Readable(Weight weight) implements Entry {}

    /**
     * A tensor that cannot.
     *
     * @param type name of its type
     */
    record Unsupported(String type) implements Entry {}
  }

  /**
   * Takes ownership of the arena.
   *
   * @param source where the weights come from, for messages
   * @param arena owner of all mapped memory
   * @param entries tensors in the order of the file
   */
  public MappedWeights(String source, Arena arena, Map<String, Entry> entries) {
    this.source = source;
    this.arena = arena;
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public Set<String> names() {
    return entries.keySet();
  }

  /**
   * {@inheritDoc}
   *
   * @throws CheckpointException if the tensor is there but of a type that cannot be read
   */
  @Override
  public Optional<Weight> find(String name) {
    return switch (entries.get(name)) {
      case null -> Optional.empty();
      case Entry.Readable(Weight weight) -> Optional.of(weight);
      case Entry.Unsupported(String type) ->
          throw new CheckpointException(
              "tensor "
                  + name
                  + ": type "
                  + type
                  + " (expected: F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K),"
                  + " in "
                  + source
                  + "; use a checkpoint in one of those types");
    };
  }

  /** The directory, tensors that cannot be read included. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** Tells whether {@link #close()} was called. */
  public boolean closed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
