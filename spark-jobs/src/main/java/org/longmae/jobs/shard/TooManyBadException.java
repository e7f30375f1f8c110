package org.longmae.jobs.shard;

import java.util.List;
import org.longmae.data.shard.Quarantined;

/** More pictures are unreadable than a set may have; building it was stopped. */
final class TooManyBadException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Quarantined> pictures;

  TooManyBadException(List<Quarantined> pictures) {
    this.pictures = List.copyOf(pictures);
  }

  /** Those that were found until then. */
  List<Quarantined> pictures() {
    return pictures;
  }
}
