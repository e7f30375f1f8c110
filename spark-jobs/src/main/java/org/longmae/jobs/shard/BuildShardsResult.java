package org.longmae.jobs.shard;

import org.longmae.data.shard.ShardManifest;

/**
 * A shard set.
 *
 * @param folder URI of its folder
 * @param madeNow false if the set was there before
 */
public record BuildShardsResult(
    String folder, ShardManifest manifest, double seconds, boolean madeNow) {}
