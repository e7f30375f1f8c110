package org.longmae.jobs.platform;

import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ComputeConfig;

/** How many cores one task computes on. */
public final class Cores {
  private Cores() {}

  /** {@code compute.threads}, or all cores of this machine. */
  public static int ofMachine(ComputeConfig compute) {
    return compute.threads() > 0 ? compute.threads() : Runtime.getRuntime().availableProcessors();
  }

  /** {@code compute.threads}, or all cores of an executor. */
  public static int ofTask(JavaSparkContext spark, ComputeConfig compute) {
    return compute.threads() > 0 || spark.isLocal()
        ? ofMachine(compute)
        : spark.getConf().getInt("spark.executor.cores", 1);
  }

  /** Executors that there are now, at least 1. */
  public static int executors(JavaSparkContext spark) {
    // The driver is one of those that the tracker tells of.
    int others = spark.sc().statusTracker().getExecutorInfos().length - 1;
    return spark.isLocal() ? 1 : Math.max(1, others);
  }
}
