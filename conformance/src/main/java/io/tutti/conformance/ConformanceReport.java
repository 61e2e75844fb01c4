package io.tutti.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run of the kit found.
 *
 * @param backend name of the backend
 * @param version version of its plugin
 * @param numerics fingerprint of its numerics, or {@code "unknown"} where it could not be asked
 * @param results every check, in order
 */
public record ConformanceReport(
    String backend, String version, String numerics, List<CheckResult> results) {
  /** Copies the list. */
  public ConformanceReport {
    results = List.copyOf(results);
  }

  /**
   * Tells whether nothing failed and something passed. Unsupported and skipped checks do not count
   * as passes: a run of nothing else has not passed.
   */
  public boolean passed() {
    return count(Outcome.Fail.class) == 0 && count(Outcome.Pass.class) > 0;
  }

  /** Number of checks with an outcome of this type. */
  public long count(Class<? extends Outcome> type) {
    return results.stream().filter(result -> type.isInstance(result.outcome())).count();
  }

  /** The checks that failed. */
  public List<CheckResult> failures() {
    return results.stream().filter(r -> r.outcome() instanceof Outcome.Fail).toList();
  }

  /** For people: a line per group, then what did not pass, then the sum. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("backend ").append(backend).append(' ').append(version);
    text.append(", numerics ").append(numerics).append('\n');
    for (Group group : Group.values()) {
      List<CheckResult> ofGroup = results.stream().filter(r -> r.group() == group).toList();
      if (!ofGroup.isEmpty()) {
        ConformanceReport part = new ConformanceReport(backend, version, numerics, ofGroup);
        text.append(String.format(Locale.ROOT, "  %-60s %s%n", group.title(), part.counts()));
      }
    }
    for (CheckResult result : results) {
      if (!(result.outcome() instanceof Outcome.Pass)) {
        text.append(result.outcome().word().toUpperCase(Locale.ROOT))
            .append("  ")
            .append(result.group().name().toLowerCase(Locale.ROOT))
            .append(" / ")
            .append(result.name())
            .append(": ")
            .append(result.outcome().text())
            .append('\n');
      }
    }
    return text.append(passed() ? "PASSED: " : "FAILED: ").append(counts()).append('\n').toString();
  }

  /** For programs; one object, stable field names. */
  public String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("backend", backend);
    root.put("version", version);
    root.put("numerics", numerics);
    root.put("passed", passed());
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("pass", count(Outcome.Pass.class));
    summary.put("fail", count(Outcome.Fail.class));
    summary.put("unsupported", count(Outcome.Unsupported.class));
    summary.put("skipped", count(Outcome.Skipped.class));
    root.put("summary", summary);
    List<Object> checks = new ArrayList<>();
    for (CheckResult result : results) {
      Map<String, Object> check = new LinkedHashMap<>();
      check.put("group", result.group().name().toLowerCase(Locale.ROOT));
      check.put("name", result.name());
      check.put("outcome", result.outcome().word());
      check.put("text", result.outcome().text());
      check.put("seconds", Math.round(result.seconds() * 1e6) / 1e6);
      checks.add(check);
    }
    root.put("checks", checks);
    return Json.write(root);
  }

  private String counts() {
    return String.format(
        Locale.ROOT,
        "%d pass, %d fail, %d unsupported, %d skipped",
        count(Outcome.Pass.class),
        count(Outcome.Fail.class),
        count(Outcome.Unsupported.class),
        count(Outcome.Skipped.class));
  }
}
