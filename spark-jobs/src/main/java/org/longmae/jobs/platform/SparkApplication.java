package org.longmae.jobs.platform;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The Spark application that a command runs in. What {@code spark-submit} or the user has set stays
 * as it is; defaults here make local mode quiet and self-contained.
 */
public final class SparkApplication {
  private static final String YARN_APPLICATION = "spark.yarn.app.id";

  private static volatile boolean interrupted;
  private static volatile JavaSparkContext ofCommand;

  private SparkApplication() {}

  /** Whether the JVM was told to end while a command ran: what fails then is no failure. */
  public static boolean isInterrupted() {
    return interrupted;
  }

  /**
   * Starts Spark.
   *
   * @param name shown in Spark's UI
   * @param master a master URL; empty for what {@code spark-submit} set, else {@code local[*]}
   */
  public static JavaSparkContext start(String name, String master) {
    return start(name, master, Map.of());
  }

  /**
   * The same with more settings, where they are not set.
   *
   * @param more by their keys
   */
  public static JavaSparkContext start(String name, String master, Map<String, String> more) {
    SparkConf conf = settings(new SparkConf(true), name, master);
    more.forEach(conf::setIfMissing);
    // Spark's own hook runs beside this one and cancels the jobs.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted = true));
    return new JavaSparkContext(conf);
  }

  /**
   * The same for a command that ends by {@link #stop}: closing it does nothing, for whoever closes
   * it does not know yet how the command ends.
   */
  public static JavaSparkContext ofCommand(String name, String master, Map<String, String> more) {
    SparkContext context = start(name, master, more).sc();
    ofCommand =
        new JavaSparkContext(context) {
          @Override
          public void close() {}
        };
    return ofCommand;
  }

  /**
   * Ends the command's application, if it has one. In YARN's client mode the code decides between
   * the final states SUCCEEDED and FAILED.
   *
   * @param code the command's exit code
   */
  public static void stop(int code) {
    JavaSparkContext context = ofCommand;
    if (context != null) {
      ofCommand = null;
      context.sc().stop(code);
    }
  }

  /**
   * The YARN application whose master this JVM is, by its id; empty elsewhere. Of the attempts that
   * YARN makes at an application it keeps one alive.
   */
  public static String yarnApplication() {
    return System.getProperty(YARN_APPLICATION, "");
  }

  /** Whether this JVM is YARN's application master: it reports how the command ended, and exits. */
  public static boolean isYarnApplicationMaster() {
    return !yarnApplication().isEmpty();
  }

  /** Adds what is not set to {@code conf}. */
  static SparkConf settings(SparkConf conf, String name, String master) {
    // Where nobody gave a name, spark-submit has given the main class's.
    if (conf.get("spark.app.name", "org.longmae.").startsWith("org.longmae.")) {
      conf.setAppName("LongMAE " + name);
    }
    if (!master.isEmpty()) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.sql.shuffle.partitions", "4");
    }
    // Floats of a state do not get smaller; and whoever has sent a part need not be the one to own
    // it.
    conf.setIfMissing("spark.shuffle.compress", "false");
    conf.setIfMissing("spark.shuffle.spill.compress", "false");
    conf.setIfMissing("spark.shuffle.reduceLocality.enabled", "false");
    // Parts carry checksums that are compared; Spark's own would be summed up beside, twice.
    conf.setIfMissing("spark.shuffle.checksum.enabled", "false");
    // What a shuffle writes goes into its file at once; otherwise each part into one of its own,
    // all of which are then copied.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "1");
    // Idle threads of OpenMP and OpenBLAS sleep soon, but not at once:
    // docs/decisions/0004-openmp-spinning.md.
    conf.setIfMissing("spark.executorEnv.GOMP_SPINCOUNT", "2000");
    conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "ACTIVE");
    conf.setIfMissing("spark.executorEnv.OPENBLAS_THREAD_TIMEOUT", "12");
    // Large buffers take huge pages: docs/decisions/0005-huge-pages.md.
    conf.setIfMissing("spark.executorEnv.THP_MEM_ALLOC_ENABLE", "1");
    // What ATen frees is kept for what it needs next: the same decision.
    conf.setIfMissing("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "33554432");
    conf.setIfMissing("spark.executorEnv.MALLOC_TRIM_THRESHOLD_", "1073741824");
    // A GPU's matrix products repeat their bits: docs/gpu.md.
    conf.setIfMissing("spark.executorEnv.CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    ExecutorOptions.add(conf);
    // A NameNode that is started anew is waited for, three minutes about. Only once a job runs: of
    // a name that was typed wrong a user is told at once.
    conf.setIfMissing("spark.hadoop.dfs.client.retry.policy.enabled", "true");
    conf.setIfMissing("spark.hadoop.dfs.client.retry.policy.spec", "1000,60,5000,24");
    FileSystems.SETTINGS.forEach((key, value) -> conf.setIfMissing("spark.hadoop." + key, value));
    return conf;
  }
}
