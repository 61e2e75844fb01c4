package io.tutti.api.backend;

import java.util.Locale;

/**
 * How a backend computes: a declaration that the conformance kit checks and that responses carry as
 * a fingerprint.
 *
 * @param accumulator type in which products are summed
 * @param activations what happens to activations before a product with weights
 * @param cache type of cached keys and values
 * @param reductions whether the order of summation is fixed
 * @param deterministic the same batch gives the same bits, run after run
 * @param batchInvariant a sequence's logits do not depend on its neighbours in a batch or on how a
 *     prompt is chunked
 * @param logitsNmse largest normalised mean squared error of logits against exact arithmetic on the
 *     same weights that the backend stands for: {@code mean((x - y)^2) / mean(y^2)}
 */
public record Numerics(
    Accumulator accumulator,
    Activations activations,
    CacheType cache,
    Reductions reductions,
    boolean deterministic,
    boolean batchInvariant,
    double logitsNmse) {
  /** Validates the error. */
  public Numerics {
    if (!(logitsNmse >= 0 && logitsNmse < 1)) {
      throw new IllegalArgumentException("logitsNmse: " + logitsNmse + " (expected: in [0, 1))");
    }
  }

  /** Type in which products are summed. */
  public enum Accumulator {
    /** binary64. */
    F64,
    /** binary32. */
    F32,
    /** 32-bit integers within a block, binary32 across blocks. */
    I32_F32,
    /** binary16. */
    F16
  }

  /** What happens to activations before a product with weights. */
  public enum Activations {
    /** They stay f32. */
    EXACT,
    /** They are rounded to bf16. */
    BF16,
    /** They are rounded to f16. */
    F16,
    /** They are quantised to 8 bits, a scale per block of 32. */
    INT8_BLOCK_32,
    /** They are quantised to 8 bits, another granularity. */
    INT8
  }

  /** Type of cached keys and values. */
  public enum CacheType {
    /** binary64. */
    F64,
    /** binary32. */
    F32,
    /** binary16. */
    F16,
    /** bfloat16. */
    BF16,
    /** Blocks of 8-bit integers. */
    Q8_0
  }

  /** Whether the order of summation is fixed. */
  public enum Reductions {
    /** From first to last. */
    SEQUENTIAL,
    /** Another order, the same at every run and thread count. */
    FIXED,
    /** Any order. */
    UNSPECIFIED
  }

  /**
   * A short text that is equal for equal declarations, such as {@code
   * "f32/exact/kv-f32/fixed/det/inv"}.
   */
  public String fingerprint() {
    return String.join(
            "/",
            accumulator.name(),
            activations.name(),
            "kv-" + cache.name(),
            reductions.name(),
            deterministic ? "det" : "nondet",
            batchInvariant ? "inv" : "batchvar")
        .toLowerCase(Locale.ROOT);
  }
}
