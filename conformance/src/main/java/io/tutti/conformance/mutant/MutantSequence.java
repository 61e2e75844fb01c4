package io.tutti.conformance.mutant;

import io.tutti.api.backend.Sequence;

/** A sequence with a fault. */
final class MutantSequence implements Sequence {
  private final Sequence healthy;
  private final Fault fault;
  private int forgotten; // tokens that the length no longer shows although they are cached

  MutantSequence(Sequence healthy, Fault fault) {
    this.healthy = healthy;
    this.fault = fault;
  }

  Sequence healthy() {
    return healthy;
  }

  @Override
  public int length() {
    return healthy.length() - fault.hiddenTokens() - forgotten;
  }

  @Override
  public Sequence fork() {
    return new MutantSequence(fault.fork(healthy), fault);
  }

  @Override
  public void truncate(int length) {
    if (length < 0 || length > length()) {
      throw new IllegalArgumentException(
          "truncate to " + length + " (expected: 0.." + length() + ")");
    }
    if (fault.remembersTruncated()) {
      forgotten += length() - length;
    } else {
      fault.truncate(healthy, length + fault.hiddenTokens());
    }
  }

  @Override
  public void close() {
    if (fault.closesSequences()) {
      healthy.close();
    }
  }
}
