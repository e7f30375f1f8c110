package org.longmae.jobs.shard;

import java.util.List;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardManifest;

/**
 * A shard set.
 *
 * @param folder URI of its folder
 * @param leftOut pictures that are in no shard, sorted by path: unreadable ones and duplicates
 * @param reused shards that an earlier call had made
 * @param madeNow false if the set was finished before
 */
public record BuildShardsResult(
    String folder,
    ShardManifest manifest,
    List<Quarantined> leftOut,
    int reused,
    double seconds,
    boolean madeNow) {
  public BuildShardsResult {
    leftOut = List.copyOf(leftOut);
  }
}
