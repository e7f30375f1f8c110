package org.longmae.data.archive;

/** An archive that is damaged or goes beyond a limit. The message names it and the rule. */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the user. */
  public ArchiveException(String message) {
    super(message);
  }

  /** Makes an exception with a message for the user and what led to it. */
  public ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
