package io.tutti.api.backend;

/**
 * What the caller will ask of a compiled model at most; a backend sizes its buffers by it.
 *
 * @param maxTokensPerSequence longest sequence, prompt and output together
 * @param maxSequences sequences open at a time
 * @param maxBatchTokens tokens in one step, over all entries
 */
public record Limits(int maxTokensPerSequence, int maxSequences, int maxBatchTokens) {
  /** Validates the numbers. */
  public Limits {
    if (maxTokensPerSequence < 1 || maxSequences < 1 || maxBatchTokens < 1) {
      throw new IllegalArgumentException(
          "limits: "
              + maxTokensPerSequence
              + " tokens, "
              + maxSequences
              + " sequences, "
              + maxBatchTokens
              + " tokens a step (expected: each >= 1)");
    }
  }
}
