package io.tutti.conformance;

import io.tutti.api.weights.DType;
import io.tutti.api.weights.Shape;
import io.tutti.api.weights.Weight;
import io.tutti.api.weights.WeightStore;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store of made weights, with the values that the oracle computes with. */
final class MadeWeights implements WeightStore, WeightValues {
  private final Arena arena;
  private final Map<String, MadeWeight> weights = new LinkedHashMap<>();

  @SuppressWarnings("MustBeClosedChecker") // closed with the store
  MadeWeights() {
    this.arena = Arena.ofShared();
  }

  /** Adds a random weight; the name is part of the seed. */
  void random(String name, DType dtype, Shape shape, double spread) {
    long seed = 0x9e3779b97f4a7c15L * (name.hashCode() + 31L * dtype.ordinal() + shape.hashCode());
    weights.put(name, MadeWeight.random(arena, name, dtype, shape, spread, seed));
  }

  /** Adds an F32 weight of given values. */
  void exactly(String name, Shape shape, double... values) {
    weights.put(name, MadeWeight.of(arena, name, shape, values));
  }

  @Override
  public double[] values(String name) {
    return weights.get(name).values();
  }

  @Override
  public String source() {
    return "weights made by the conformance kit";
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(weights.keySet());
  }

  @Override
  public Optional<Weight> find(String name) {
    return Optional.ofNullable(weights.get(name)).map(MadeWeight::weight);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
