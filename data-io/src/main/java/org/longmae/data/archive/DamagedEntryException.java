package org.longmae.data.archive;

import java.io.IOException;

/** One entry of an archive that cannot be read, whoever tries; the rest of it may be well. */
public final class DamagedEntryException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception whose message is the reason. */
  public DamagedEntryException(String reason) {
    super(reason);
  }
}
