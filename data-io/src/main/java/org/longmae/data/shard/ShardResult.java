package org.longmae.data.shard;

import java.util.List;

/**
 * What building one shard gave.
 *
 * @param quarantined the planned pictures that are not in the file, in the plan's order
 * @param encodedAgain pictures in the file that are not their source's bytes
 */
public record ShardResult(ShardFile file, List<Quarantined> quarantined, int encodedAgain)
    implements ShardOutcome {
  public ShardResult {
    quarantined = List.copyOf(quarantined);
  }
}
