package org.longmae.jobs.shard;

import java.io.IOException;

/** More pictures are unreadable than the configuration allows. */
public final class BadDataException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says how many, of how many, and the limit. */
  public BadDataException(String message) {
    super(message);
  }
}
