package org.longmae.jobs.run;

import java.io.IOException;

/** A run belongs to another driver; the message says to whom. */
public final class LeaseException extends IOException {
  private static final long serialVersionUID = 1L;

  LeaseException(String message) {
    super(message);
  }
}
