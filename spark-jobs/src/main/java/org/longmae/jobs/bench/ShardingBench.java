package org.longmae.jobs.bench;

import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.shard.ShardJob;

/** Makes shards of a source several times, by the clock, the whole job each time. */
public final class ShardingBench {
  private final RunConfig config;
  private final Path source;
  private final Path work;
  private final int passes;

  /**
   * A measurement.
   *
   * @param work folder for the shard sets; the caller removes it
   * @param passes timed, at least 1, after one that warms up
   */
  public ShardingBench(RunConfig config, Path source, Path work, int passes) {
    this.config = config;
    this.source = source;
    this.work = work;
    this.passes = passes;
  }

  /** Folder of one of the sets that were made. */
  public Path shards() {
    return new Path(work, "shards-0");
  }

  /** Pictures a second, the median of the passes. Of one core, if Spark has one ("local[1]"). */
  public double run(JavaSparkContext spark) throws IOException {
    double[] rates = new double[passes];
    for (int i = 0; i <= passes; i++) {
      Path target = new Path(work, "shards-" + i);
      long start = System.nanoTime();
      ShardManifest manifest = new ShardJob(config, source, target).run(spark).manifest();
      double seconds = (System.nanoTime() - start) * 1e-9;
      if (i > 0) {
        target.getFileSystem(spark.hadoopConfiguration()).delete(target, true);
        rates[i - 1] =
            (manifest.rows(ShardPlan.TRAIN) + manifest.rows(ShardPlan.VALIDATION)) / seconds;
      }
    }
    Arrays.sort(rates);
    return rates[passes / 2];
  }
}
