package io.tutti.conformance;

/** What came of a check. Only {@link Pass} is a pass. */
public sealed interface Outcome {
  /** Text for people: the detail or the reason. */
  String text();

  /**
   * Lower-case word for reports: {@code pass}, {@code fail}, {@code unsupported}, {@code skipped}.
   */
  String word();

  /**
   * The backend did what the contract or the truth asks.
   *
   * @param text what was measured; may be empty
   */
  record Pass(String text) implements Outcome {
    @Override
    public String word() {
      return "pass";
    }
  }

  /**
   * It did not.
   *
   * @param text what was expected, what was found, and where
   */
  record Fail(String text) implements Outcome {
    @Override
    public String word() {
      return "fail";
    }
  }

  /**
   * The backend declared, before it ran, that it cannot do this, and refused to when asked.
   *
   * @param text the reason it gave
   */
  record Unsupported(String text) implements Outcome {
    @Override
    public String word() {
      return "unsupported";
    }
  }

  /**
   * The check could not be made here.
   *
   * @param text why
   */
  record Skipped(String text) implements Outcome {
    @Override
    public String word() {
      return "skipped";
    }
  }
}
