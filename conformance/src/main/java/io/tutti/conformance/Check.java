package io.tutti.conformance;

/**
 * One named check.
 *
 * @param group what it is about
 * @param name unique within the group
 * @param body makes the check
 */
record Check(Group group, String name, Body body) {
  /** The work; returns what was measured, and throws {@link CheckStopped} or anything else. */
  @FunctionalInterface
  interface Body {
    String run(Workbench bench);
  }

  /** Makes the check. Whatever the backend throws is a failure of the backend, not of the run. */
  CheckResult run(Workbench bench) {
    long start = System.nanoTime();
    Outcome outcome;
    try {
      outcome = new Outcome.Pass(body.run(bench));
    } catch (CheckStopped stopped) {
      outcome = stopped.outcome();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      outcome = new Outcome.Fail("unexpected " + e + " at " + place(e));
    }
    return new CheckResult(group, name, outcome, (System.nanoTime() - start) / 1e9);
  }

  private static String place(Throwable e) {
    return e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0].toString();
  }
}
