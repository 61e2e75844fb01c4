package io.tutti.conformance;

/** Ends a check early with an outcome; never leaves the kit. */
final class CheckStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  private CheckStopped(Outcome outcome) {
    super(outcome.text());
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }

  static CheckStopped failed(String text) {
    return new CheckStopped(new Outcome.Fail(text));
  }

  static CheckStopped unsupported(String reason) {
    return new CheckStopped(new Outcome.Unsupported(reason));
  }

  static CheckStopped skipped(String reason) {
    return new CheckStopped(new Outcome.Skipped(reason));
  }
}
