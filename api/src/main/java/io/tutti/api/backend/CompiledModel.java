package io.tutti.api.backend;

import io.tutti.api.BackendException;
import io.tutti.api.graph.Graph;

/**
 * A graph prepared for a device, with its weights.
 *
 * <p>{@code newSequence} may be called by any thread. {@code step}, and the methods of sequences,
 * are called by one thread at a time; an implementation answers a second concurrent {@code step}
 * with an {@link IllegalStateException}. The owner closes the model after its sequences; closing is
 * idempotent; any use after it is an {@link IllegalStateException}.
 */
public interface CompiledModel extends AutoCloseable {
  /** The graph that was compiled. */
  Graph graph();

  /** The limits that it was compiled for. */
  Limits limits();

  /** The report it was compiled under. */
  CapabilityReport report();

  /**
   * Opens an empty sequence.
   *
   * @throws BackendException if more than {@code limits().maxSequences()} would be open, or memory
   *     is short
   */
  Sequence newSequence();

  /**
   * Appends tokens to several sequences and computes the logits asked for. Either all sequences
   * grow or, if it throws, none does.
   *
   * @return results in buffers of the model, valid until its next {@code step} or {@code close}
   * @throws IllegalArgumentException if a token is out of range, a sequence belongs to another
   *     model or stands twice in the batch, a tap names no node, or a limit is exceeded
   * @throws IllegalStateException if the model or a sequence is closed, or a step is under way
   * @throws BackendException if the device fails
   */
  StepResult step(Batch batch);

  @Override
  void close();
}
