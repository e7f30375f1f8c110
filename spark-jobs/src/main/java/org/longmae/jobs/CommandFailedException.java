package org.longmae.jobs;

/**
 * A command that failed where the JVM is not ours to end. YARN's application master reports what is
 * thrown as the application's diagnostics, so it has a message for people and no stack trace.
 */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param code what the process would have ended with
   * @param message what went wrong
   */
  CommandFailedException(int code, String message) {
    super(String.format("longmae: %s (exit code %d)", message, code), null, false, false);
  }
}
