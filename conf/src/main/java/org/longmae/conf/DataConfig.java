package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * Where shards are and how they are made and read.
 *
 * @param shards folder of the shard set, any Hadoop file system; empty until a command is given one
 * @param heldOut share of the pictures kept for validation when sharding, in [0, 0.5]
 * @param shardMib size of a shard file in MiB, one HDFS block by default
 * @param maxBadFraction share of unreadable pictures above which sharding fails, in [0, 1]
 * @param prepare what is done to pictures when sharding
 * @param limits the largest picture that is decoded when sharding
 * @param streams S, streams that the order of an epoch is dealt to: row groups (about 100 pictures
 *     each) whose pictures are mixed at a time
 * @param decodeThreads threads that decode and augment ahead of the training step
 * @param prefetch batches decoded ahead
 */
public record DataConfig(
    String shards,
    double heldOut,
    int shardMib,
    double maxBadFraction,
    PrepareConfig prepare,
    LimitsConfig limits,
    int streams,
    int decodeThreads,
    int prefetch)
    implements Serializable {
  public DataConfig {
    require(
        heldOut >= 0 && heldOut <= 0.5, "data.held-out", "must be in [0, 0.5] but was %s", heldOut);
    require(shardMib >= 1, "data.shard-mib", "must be at least 1 but was %s", shardMib);
    require(
        maxBadFraction >= 0 && maxBadFraction <= 1,
        "data.max-bad-fraction",
        "must be in [0, 1] but was %s",
        maxBadFraction);
    require(streams >= 1, "data.streams", "must be at least 1 but was %s", streams);
    require(
        decodeThreads >= 1, "data.decode-threads", "must be at least 1 but was %s", decodeThreads);
    require(prefetch >= 1, "data.prefetch", "must be at least 1 but was %s", prefetch);
  }
}
