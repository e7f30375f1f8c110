package org.longmae.data.shard;

import java.io.Serializable;
import java.util.List;

/**
 * What building one shard gave.
 *
 * @param quarantined the planned pictures that are not in the file, in the plan's order
 */
public record ShardResult(ShardFile file, List<Quarantined> quarantined) implements Serializable {
  public ShardResult {
    quarantined = List.copyOf(quarantined);
  }
}
