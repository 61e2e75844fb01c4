package io.tutti.api;

/**
 * A plugin could not be found, loaded, or negotiated with; the message names the plugin and both
 * versions.
 */
public class PluginException extends TuttiException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for people. */
  public PluginException(String message) {
    super(message);
  }

  /** Creates an exception with a message for people and what caused it. */
  public PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
