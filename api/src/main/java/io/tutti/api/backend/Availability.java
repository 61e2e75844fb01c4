package io.tutti.api.backend;

/**
 * Whether a backend can work on this machine, in this process, with what it would use or what is
 * missing.
 */
public sealed interface Availability {
  /**
   * The backend can be opened.
   *
   * @param detail what it would use, such as {@code "Vector API, 512 bits"}
   */
  record Available(String detail) implements Availability {}

  /**
   * The backend cannot be opened.
   *
   * @param reason what is missing
   * @param remedy what a user can do about it
   */
  record Unavailable(String reason, String remedy) implements Availability {}
}
