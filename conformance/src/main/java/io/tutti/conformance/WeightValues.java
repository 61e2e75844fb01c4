package io.tutti.conformance;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Weights as numbers. */
interface WeightValues {
  /** All elements of a tensor, row-major. */
  double[] values(String name);

  /** Whether every tensor of a store is of a plain type, which this class can read. */
  static boolean readable(WeightStore weights, Iterable<String> names) {
    for (String name : names) {
      if (weights
          .find(name)
          .filter(w -> w.dtype().weightType() && !w.dtype().quantized())
          .isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Plain types, read from a store. */
  static WeightValues of(WeightStore weights) {
    Map<String, double[]> cache = new HashMap<>();
    return name -> cache.computeIfAbsent(name, n -> read(weights.get(n)));
  }

  private static double[] read(Weight weight) {
    double[] values = new double[Math.toIntExact(weight.shape().elements())];
    var i16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    var f32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          weight.dtype() == DType.F32
              ? weight.data().get(f32, 4L * i)
              : weight.dtype() == DType.F16
                  ? Float.float16ToFloat(weight.data().get(i16, 2L * i))
                  : Float.intBitsToFloat(weight.data().get(i16, 2L * i) << 16);
    }
    return values;
  }
}
