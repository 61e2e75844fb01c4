package io.tutti.conformance;

/**
 * A check that was made.
 *
 * @param group what it is about
 * @param name its name, unique within the group
 * @param outcome what came of it
 * @param seconds how long it took
 */
public record CheckResult(Group group, String name, Outcome outcome, double seconds) {}
