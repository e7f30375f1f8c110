package org.longmae.jobs.platform;

/** What went wrong, for people. */
public final class Failures {
  private Failures() {}

  /**
   * The message of the innermost cause: Spark wraps what an executor threw, stack trace and all,
   * into messages of its own.
   */
  public static String message(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String text = cause.getMessage();
    return text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
  }
}
