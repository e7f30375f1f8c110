package org.longmae.jobs.platform;

import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * The JVM's options of executors that are processes of their own; the same as the launcher's. They
 * stand before the user's, so that what the user sets counts.
 *
 * <p>Averaging allocates arrays of 16 MiB, two and more a part of the state. The default collector
 * gives each such array regions of its own and looks for dead ones beside the tasks, on cores that
 * the tasks need; the parallel collector has them in a small young generation and drops them.
 */
final class ExecutorOptions {
  private static final String KEY = "spark.executor.defaultJavaOptions";
  private static final String EXTRA = "spark.executor.extraJavaOptions";
  private static final String COLLECTOR = "-XX:+UseParallelGC -XX:MaxNewSize=256m";
  private static final Pattern CHOSEN = Pattern.compile("-XX:\\+Use\\w*GC\\b");

  private ExecutorOptions() {}

  /** Adds them. */
  static void add(SparkConf conf) {
    String given = conf.get(KEY, "");
    // A JVM that is told two collectors does not start.
    boolean chosen = CHOSEN.matcher(given + " " + conf.get(EXTRA, "")).find();
    String ours =
        NativeMemory.UNLIMITED + " " + MllibBlas.IN_JAVA + (chosen ? "" : " " + COLLECTOR);
    conf.set(KEY, (ours + " " + given).strip());
  }
}
