package io.tutti.conformance;

import io.tutti.api.backend.Numerics;
import io.tutti.api.graph.Node;

/** The errors that a backend of a declared class of arithmetic may have. */
final class Tolerances {
  private final Numerics numerics;

  Tolerances(Numerics numerics) {
    this.numerics = numerics;
  }

  /** Whether products of weights see activations as they are. */
  boolean exactActivations() {
    return numerics.activations() == Numerics.Activations.EXACT
        && numerics.accumulator() != Numerics.Accumulator.F16
        && numerics.accumulator() != Numerics.Accumulator.I32_F32;
  }

  /** Most that a backend of this class may declare for its logits. */
  double logitsCap() {
    if (!exactActivations()) {
      return 5e-4;
    }
    double arithmetic = numerics.accumulator() == Numerics.Accumulator.F64 ? 1e-10 : 1e-8;
    return Math.max(arithmetic, cacheRounding());
  }

  /** What the backend declares, and never more than its class allows. */
  double logits() {
    return Math.min(numerics.logitsNmse(), logitsCap());
  }

  /** One node, given its own inputs. */
  double node(Node node) {
    double arithmetic = numerics.accumulator() == Numerics.Accumulator.F64 ? 1e-12 : 1e-10;
    return switch (node) {
      case Node.Embedding n -> roundsEverything() ? 5e-4 : 1e-12;
      case Node.RmsNorm n -> roundsEverything() ? 5e-4 : arithmetic;
      case Node.RotaryEmbedding n -> roundsEverything() ? 5e-4 : arithmetic;
      case Node.SwiGlu n -> roundsEverything() ? 5e-4 : arithmetic;
      case Node.Add n -> roundsEverything() ? 5e-4 : arithmetic;
      case Node.Attention n -> roundsEverything() ? 5e-4 : Math.max(arithmetic, cacheRounding());
      case Node.Linear n -> exactActivations() ? arithmetic : 5e-4;
      case Node.LmHead n -> exactActivations() ? arithmetic : 5e-4;
      case Node.MoeRouter n -> exactActivations() ? arithmetic : 5e-4;
      case Node.Experts n -> exactActivations() ? arithmetic : 1e-3; // two products deep
      case Node.SigmoidGate n -> exactActivations() ? arithmetic : 5e-4;
    };
  }

  /** Results that the contract wants equal up to rounding: other chunks, other neighbours. */
  double sameWork() {
    return 4 * logits();
  }

  private boolean roundsEverything() {
    return numerics.activations() == Numerics.Activations.BF16
        || numerics.activations() == Numerics.Activations.F16
        || numerics.accumulator() == Numerics.Accumulator.F16;
  }

  /** Mean squared relative rounding of cached keys and values, with room for the softmax. */
  private double cacheRounding() {
    return switch (numerics.cache()) {
      case F64, F32 -> 0;
      case F16 -> 1e-6;
      case BF16 -> 1e-4;
      case Q8_0 -> 5e-4;
    };
  }
}
