package io.tutti.model.gguf;

import io.tutti.api.weights.DType;
import java.util.Map;
import java.util.Optional;

/** The numbers that ggml gives its tensor types ({@code enum ggml_type} in {@code ggml.h}). */
public final class GgmlType {
  private static final Map<Integer, DType> READ =
      Map.ofEntries(
          Map.entry(0, DType.F32),
          Map.entry(1, DType.F16),
          Map.entry(2, DType.Q4_0),
          Map.entry(3, DType.Q4_1),
          Map.entry(6, DType.Q5_0),
          Map.entry(7, DType.Q5_1),
          Map.entry(8, DType.Q8_0),
          Map.entry(12, DType.Q4_K),
          Map.entry(13, DType.Q5_K),
          Map.entry(14, DType.Q6_K),
          Map.entry(24, DType.I8),
          Map.entry(25, DType.I16),
          Map.entry(26, DType.I32),
          Map.entry(27, DType.I64),
          Map.entry(28, DType.F64),
          Map.entry(30, DType.BF16));

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private GgmlType() {}

  /** The type of that number, if it is one that we read. */
  public static Optional<DType> dtype(int number) {
    return Optional.ofNullable(READ.get(number));
  }

  /** Name of a type, for messages. */
  public static String name(int number) {
    DType dtype = READ.get(number);
    return dtype != null
        ? dtype.name()
        : OTHERS.getOrDefault(number, "number " + Integer.toUnsignedString(number));
  }

  /**
   * Number of a type.
   *
   * @throws IllegalArgumentException if ggml has no such type
   */
  public static int number(DType dtype) {
    for (Map.Entry<Integer, DType> entry : READ.entrySet()) {
      if (entry.getValue() == dtype) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException("type: " + dtype + " (expected: one that GGUF has)");
  }
}
