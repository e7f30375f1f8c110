package org.longmae.data.source;

/** A source that cannot be used as it is. The message names the place and the rule. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public SourceException(String message) {
    super(message);
  }

  /** Makes an exception with a message for the user and what led to it. */
  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
