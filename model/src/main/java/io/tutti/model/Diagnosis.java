package io.tutti.model;

import java.util.Comparator;
import java.util.List;

/**
 * What the {@link Doctor} found, the gravest first.
 *
 * @param findings all findings
 */
public record Diagnosis(List<Finding> findings) {
  /** Sorts by severity and keeps the order within one. */
  public Diagnosis {
    findings =
        findings.stream().sorted(Comparator.comparing(Finding::severity).reversed()).toList();
  }

  /** Tells whether the checkpoint can run: nothing worse than a warning was found. */
  public boolean usable() {
    return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
  }

  /** The report as text, a line for each finding and one for its remedy. */
  public String report() {
    if (findings.isEmpty()) {
      return "nothing disagrees\n";
    }
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          String.format(
              "%-7s %s: %s%n        -> %s%n",
              finding.severity(), finding.code(), finding.message(), finding.remedy()));
    }
    return text.toString();
  }
}
