package io.tutti.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tutti.api.backend.Backend;
import io.tutti.api.backend.BackendOptions;
import io.tutti.api.backend.Batch;
import io.tutti.api.backend.Batch.LogitsWanted;
import io.tutti.api.backend.CompiledModel;
import io.tutti.api.backend.Limits;
import io.tutti.api.backend.ProgressListener;
import io.tutti.api.backend.Sequence;
import io.tutti.api.backend.StepResult;
import io.tutti.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The oracle on a real 0.5B checkpoint in mixed quantisation (Q5_0, Q8_0, Q4_K, Q6_K), against
 * greedy tokens and log-probabilities that Hugging Face transformers computed in float32 from its
 * dequantised weights.
 */
class RealCheckpointTest {
  /** "The capital of France is". */
  private static final int[] PROMPT = {785, 6722, 315, 9625, 374};

  /** " Paris. Paris is", the first tokens of the golden. */
  private static final int[] GREEDY = {12095, 13, 12095, 374};

  private static final int[] TOP_IDS = {
    12095, 7148, 2598, 106004, 44245, 1532, 43464, 279, 7407, 510
  };
  private static final double[] TOP_LOGPROBS = {
    -0.09845, -4.31179, -5.29717, -5.377, -5.80986, -5.91492, -5.98324, -6.09384, -6.11198, -6.27057
  };

  @Test
  void answersAsTheIndependentImplementationDoes() {
    Path file =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "TUTTI_REAL_GGUF",
                    System.getProperty("user.home")
                        + "/.cache/tutti/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"));
    assumeTrue(
        Files.exists(file),
        "no real checkpoint at " + file + " (set TUTTI_REAL_GGUF to a Qwen2.5-Coder-0.5B GGUF)");
    try (Checkpoint checkpoint = Checkpoint.open(file);
        Backend backend = new ReferenceBackendProvider().open(BackendOptions.defaults());
        CompiledModel model =
            backend.compile(
                checkpoint.graph(),
                checkpoint.weights(),
                new Limits(16, 1, 8),
                ProgressListener.NONE);
        Sequence sequence = model.newSequence()) {
      float[] logits = new float[model.graph().vocabSize()];
      int[] next = PROMPT;
      for (int i = 0; i < GREEDY.length; i++) {
        StepResult result =
            model.step(Batch.of(new Batch.Entry(sequence, next, LogitsWanted.LAST)));
        result.copyRow(0, logits);
        if (i == 0) {
          double normalizer = logSumExp(logits);
          for (int k = 0; k < TOP_IDS.length; k++) {
            assertThat(logits[TOP_IDS[k]] - normalizer)
                .as("log-probability of token " + TOP_IDS[k])
                .isCloseTo(TOP_LOGPROBS[k], within(0.001));
          }
        }
        int best = argmax(logits);
        assertThat(best).as("token " + i).isEqualTo(GREEDY[i]);
        next = new int[] {best};
      }
    }
  }

  private static double logSumExp(float[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
