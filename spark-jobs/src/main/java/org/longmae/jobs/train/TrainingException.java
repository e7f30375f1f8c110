package org.longmae.jobs.train;

/** Training cannot go on; the message says at which step, and on which pictures. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingException(String message) {
    super(message);
  }
}
