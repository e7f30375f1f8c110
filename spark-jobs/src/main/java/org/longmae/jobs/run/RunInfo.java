package org.longmae.jobs.run;

/**
 * Where a run came from; {@code run.json}. Written when the run starts and again by each driver
 * that takes it up, so it tells of the last one.
 *
 * @param version of LongMAE
 * @param spark version
 * @param machine of the driver, in words
 * @param shards folder of the shard set
 * @param shardDigest digest over the shard files
 * @param steps optimiser steps of the whole run
 */
public record RunInfo(
    String version, String spark, String machine, String shards, String shardDigest, long steps) {}
