package org.longmae.data.shard;

import java.util.List;

/**
 * A shard that was given up, because it alone has more unreadable pictures than the whole set may
 * have. There is no file.
 *
 * @param name of the file it would have been
 */
public record ShardAbandoned(String name, List<Quarantined> quarantined) implements ShardOutcome {
  public ShardAbandoned {
    quarantined = List.copyOf(quarantined);
  }
}
