package io.tutti.backend.reference;

import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Sequence;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What the contract asks of a batch; checked before a step touches anything. */
final class BatchRules {
  private BatchRules() {}

  static void check(Batch batch, ReferenceModel model, Set<String> nodes) {
    for (String tap : batch.taps()) {
      if (!nodes.contains(tap)) {
        throw new IllegalArgumentException("tap: " + tap + " (expected: the name of a node)");
      }
    }
    if (batch.tokens() > model.limits().maxBatchTokens()) {
      throw new IllegalArgumentException(
          "batch: "
              + batch.tokens()
              + " tokens (expected: <= maxBatchTokens = "
              + model.limits().maxBatchTokens()
              + ")");
    }
    Set<Sequence> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int e = 0; e < batch.entries().size(); e++) {
      check(batch.entries().get(e), "entry " + e, model, seen);
    }
  }

  private static void check(
      Batch.Entry entry, String where, ReferenceModel model, Set<Sequence> seen) {
    if (!(entry.sequence() instanceof ReferenceSequence sequence) || sequence.model() != model) {
      throw new IllegalArgumentException(
          where + ": a sequence of another model (expected: one of this model)");
    }
    sequence.requireOpen();
    if (!seen.add(sequence)) {
      throw new IllegalArgumentException(
          where + ": a sequence that is already in the batch (expected: each once)");
    }
    long length = (long) sequence.length() + entry.tokens().length;
    if (length > model.limits().maxTokensPerSequence()) {
      throw new IllegalArgumentException(
          where
              + ": sequence of "
              + length
              + " tokens (expected: <= maxTokensPerSequence = "
              + model.limits().maxTokensPerSequence()
              + ")");
    }
    long vocabSize = model.graph().embedding().table().shape().dim(0);
    for (int i = 0; i < entry.tokens().length; i++) {
      int token = entry.tokens()[i];
      if (token < 0 || token >= vocabSize) {
        throw new IllegalArgumentException(
            where + ", token " + i + ": " + token + " (expected: 0.." + (vocabSize - 1) + ")");
      }
    }
  }
}
