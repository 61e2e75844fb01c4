package io.tutti.conformance.mutant;

import io.tutti.api.graph.WeightRef;
import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A healthy store with some tensors added or replaced. */
final class Overlay implements WeightStore {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WeightStore healthy;
  private final Arena arena;
  private final Map<String, Weight> own = new HashMap<>();

  @SuppressWarnings("MustBeClosedChecker") // closed with the overlay
  Overlay(WeightStore healthy) {
    this.healthy = healthy;
    this.arena = Arena.ofShared();
  }

  /** Adds a square F32 matrix. */
  WeightRef matrix(String name, int size, MatrixElement element) {
    MemorySegment data = arena.allocate(4L * size * size, 64);
    for (int o = 0; o < size; o++) {
      for (int i = 0; i < size; i++) {
        data.set(F32, 4L * (o * (long) size + i), (float) element.at(o, i));
      }
    }
    Shape shape = Shape.of(size, size);
    own.put(name, new Weight(name, DType.F32, shape, data));
    return new WeightRef(name, shape);
  }

  /** An element of a matrix. */
  @FunctionalInterface
  interface MatrixElement {
    double at(int row, int column);
  }

  /** Adds a copy of a tensor under another name with its bytes changed. */
  WeightRef changed(WeightRef of, UnaryOperator<byte[]> change) {
    Weight weight = healthy.get(of.name());
    byte[] bytes = change.apply(weight.data().toArray(ValueLayout.JAVA_BYTE));
    MemorySegment data = arena.allocate(bytes.length, 64);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, data, 0, bytes.length);
    String name = of.name() + ".mutant";
    own.put(name, new Weight(name, weight.dtype(), weight.shape(), data));
    return new WeightRef(name, of.shape());
  }

  DType dtype(WeightRef of) {
    return healthy.get(of.name()).dtype();
  }

  @Override
  public String source() {
    return healthy.source();
  }

  @Override
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(healthy.names());
    names.addAll(own.keySet());
    return names;
  }

  @Override
  public Optional<Weight> find(String name) {
    Weight weight = own.get(name);
    return weight == null ? healthy.find(name) : Optional.of(weight);
  }

  /** Releases what was added; the healthy store belongs to somebody else. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
