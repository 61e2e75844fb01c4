package io.tutti.api;

/** A backend failed at run time; the request fails, the process goes on. */
public class BackendException extends TuttiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for people. */
  public BackendException(String message) {
    super(message);
  }

  /** Creates an exception with a message for people and what caused it. */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
