package io.tutti.conformance;

/** Expectations of checks; each ends the check as failed if it is not met. */
final class Expect {
  private Expect() {}

  /** Code that may throw. */
  @FunctionalInterface
  interface Action {
    void run();
  }

  static void that(boolean holds, String expectation) {
    if (!holds) {
      throw CheckStopped.failed(expectation);
    }
  }

  static void equal(long found, long expected, String what) {
    if (found != expected) {
      throw CheckStopped.failed(what + ": " + found + " (expected: " + expected + ")");
    }
  }

  /** The action must throw this type, or a subtype, and nothing else. */
  static void thrown(Class<? extends RuntimeException> type, String what, Action action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      if (type.isInstance(e)) {
        if (e.getMessage() == null || e.getMessage().isBlank()) {
          throw CheckStopped.failed(
              what + ": " + type.getSimpleName() + " without a message (expected: what to do)");
        }
        return;
      }
      if (e instanceof CheckStopped stopped) {
        throw stopped;
      }
      throw CheckStopped.failed(what + ": threw " + e + " (expected: " + type.getName() + ")");
    }
    throw CheckStopped.failed(what + ": no exception (expected: " + type.getName() + ")");
  }

  /** The action must not throw. */
  static void quiet(String what, Action action) {
    try {
      action.run();
    } catch (CheckStopped stopped) {
      throw stopped;
    } catch (RuntimeException | Error e) {
      throw CheckStopped.failed(what + ": threw " + e + " (expected: no exception)");
    }
  }
}
