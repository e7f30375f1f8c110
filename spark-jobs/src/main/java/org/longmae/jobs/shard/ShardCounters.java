package org.longmae.jobs.shard;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** Counts that Spark shows beside a stage. For display: manifests hold the truth. */
record ShardCounters(
    LongAccumulator pictures,
    LongAccumulator bytes,
    LongAccumulator again,
    LongAccumulator unreadable)
    implements Serializable {
  static ShardCounters in(SparkContext spark) {
    return new ShardCounters(
        spark.longAccumulator("pictures stored"),
        spark.longAccumulator("bytes of pictures stored"),
        spark.longAccumulator("pictures encoded again"),
        spark.longAccumulator("pictures left out"));
  }

  void stored(long size, boolean encodedAgain) {
    pictures.add(1);
    bytes.add(size);
    if (encodedAgain) {
      again.add(1);
    }
  }

  void leftOut() {
    unreadable.add(1);
  }
}
