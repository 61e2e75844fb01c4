package io.tutti.api;

/**
 * A graph, weight type or limit is beyond what a backend declares; thrown by {@code compile}, never
 * after a silent change.
 */
public class UnsupportedGraphException extends TuttiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for people. */
  public UnsupportedGraphException(String message) {
    super(message);
  }

  /** Creates an exception with a message for people and what caused it. */
  public UnsupportedGraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
