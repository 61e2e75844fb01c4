package io.tutti.api.backend;

/** A backend's verdict about one node. */
public sealed interface Support {
  /** The node will be run as the graph says. */
  record Supported() implements Support {}

  /**
   * The node cannot be run.
   *
   * @param reason what is missing, such as {@code "weight type Q5_K (expected: F32, BF16)"}
   */
  record Unsupported(String reason) implements Support {}

  /** The positive verdict. */
  static Support yes() {
    return new Supported();
  }

  /** A negative verdict with its reason. */
  static Support no(String reason) {
    return new Unsupported(reason);
  }
}
