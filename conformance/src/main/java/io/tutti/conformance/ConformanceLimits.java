package io.tutti.conformance;

import io.tutti.api.backend.Limits;

/** The limits that checks compile for. */
final class ConformanceLimits {
  private ConformanceLimits() {}

  /** For one text of this many tokens. */
  static Limits of(int tokens) {
    return new Limits(tokens, 1, tokens);
  }
}
