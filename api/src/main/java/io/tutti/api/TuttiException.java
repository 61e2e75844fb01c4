package io.tutti.api;

/**
 * Root of every exception that Tutti throws on purpose.
 *
 * <p>A message says what was expected, what was found, where, and what to do; it fits on one line,
 * because the command line prints it as it is.
 */
public class TuttiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for people. */
  public TuttiException(String message) {
    super(message);
  }

  /** Creates an exception with a message for people and what caused it. */
  public TuttiException(String message, Throwable cause) {
    super(message, cause);
  }
}
