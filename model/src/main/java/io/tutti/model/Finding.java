package io.tutti.model;

/**
 * One thing that disagrees inside a checkpoint.
 *
 * @param severity how much it matters
 * @param code stable name, for scripts: {@code stop-tokens-disagree}
 * @param message what was found and where, one line
 * @param remedy what to do about it, one line
 */
public record Finding(Severity severity, String code, String message, String remedy) {
  /** How much a finding matters. */
  public enum Severity {
    /** Worth knowing; nothing to do. */
    INFO,
    /** The model runs, perhaps not as its author meant. */
    WARNING,
    /** The model cannot run, or its output cannot be right. */
    ERROR
  }
}
