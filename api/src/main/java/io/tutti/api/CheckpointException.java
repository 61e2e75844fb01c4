package io.tutti.api;

/**
 * A checkpoint is damaged, hostile, incomplete or contradicts itself; the message names the file
 * and the place.
 */
public class CheckpointException extends TuttiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for people. */
  public CheckpointException(String message) {
    super(message);
  }

  /** Creates an exception with a message for people and what caused it. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
