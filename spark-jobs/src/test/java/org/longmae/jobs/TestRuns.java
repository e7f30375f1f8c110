package org.longmae.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.shard.ScenesJob;
import org.longmae.jobs.shard.ShardJob;
import org.longmae.jobs.train.Progress;

/** What tests of jobs share: one Spark application, a tiny shard set, a tiny run. */
public final class TestRuns {
  private static JavaSparkContext spark;

  private TestRuns() {}

  /** The one local[2] application; started when first asked for. */
  public static synchronized JavaSparkContext spark() {
    if (spark == null) {
      spark = SparkApplication.start("tests", "local[2]");
    }
    return spark;
  }

  /** Ends the shared application; the next {@link #spark} starts another. */
  public static synchronized void stopSpark() {
    if (spark != null) {
      spark.close();
      spark = null;
    }
  }

  /**
   * Spark with two executors of one core in JVMs of their own; the caller closes it.
   *
   * @param home an empty folder for what workers write
   */
  public static JavaSparkContext cluster(java.nio.file.Path home) throws IOException {
    java.nio.file.Files.createDirectories(home);
    // How Spark's own tests say where there is no Spark installation to look for.
    System.setProperty("spark.testing", "true");
    System.setProperty("spark.test.home", home.toString());
    System.setProperty("spark.executorEnv.SPARK_TESTING", "1");
    System.setProperty("spark.executorEnv.SPARK_SCALA_VERSION", "2.12");
    System.setProperty("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    System.setProperty("spark.driver.host", "localhost");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    System.setProperty("spark.ui.enabled", "false");
    try {
      return SparkApplication.start("tests", "local-cluster[2,1,1024]");
    } finally {
      System.getProperties().keySet().removeIf(key -> key.toString().startsWith("spark."));
    }
  }

  /** The file system of test folders. */
  public static FileSystem fs() throws IOException {
    return new Path("file:///").getFileSystem(FileSystems.configuration());
  }

  /** Scenes and their shards below {@code folder}; returns the shard set's folder. */
  public static String shards(Path folder, int scenes) throws IOException {
    RunConfig config = new ConfigLoader().run();
    Path pictures = new Path(folder, "scenes");
    Path shards = new Path(folder, "shards");
    new ScenesJob(config.randomness(), scenes, 64, 48, pictures).run(spark());
    new ShardJob(config, pictures, shards).run(spark());
    return shards.toString();
  }

  /**
   * A run that trains in a second or two: fp32, one thread, so that its bits are the same anywhere.
   */
  public static RunConfig tinyRun(String shards, String... settings) {
    ConfigLoader loader =
        new ConfigLoader()
            .preset("tiny")
            .text(
                """
                image.size = 32
                model { patch-size = 8
                  encoder { width = 32, depth = 2, heads = 2 }
                  decoder { width = 16, depth = 1, heads = 2 } }
                train { batch = 16, epochs = 3, local-steps = 4 }
                optim.warmup-epochs = 1
                compute { precision = fp32, threads = 1 }
                evaluate.probe-iterations = 10
                sweep.points = []
                """,
                "tiny-test")
            .set("data.shards=" + shards);
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader.run();
  }

  /** Changes one byte of the file in a folder whose name begins so. */
  public static void flipAByte(Path folder, String name) throws IOException {
    for (FileStatus file : fs().listStatus(folder)) {
      if (file.getPath().getName().startsWith(name)) {
        byte[] bytes = CommittedFile.read(fs(), file.getPath());
        bytes[bytes.length / 2] ^= 1;
        try (FSDataOutputStream out = fs().create(file.getPath(), true)) {
          out.write(bytes);
        }
        return;
      }
    }
    throw new IOException("no " + name + " in " + folder);
  }

  /** Remembers rounds; throws when it is told of a chosen one, as a kill would end a driver. */
  public static final class Recorder implements Progress {
    private final List<RoundMetrics> rounds = new ArrayList<>();
    private final int lastRound;

    /** Lets every round pass. */
    public Recorder() {
      this(Integer.MAX_VALUE);
    }

    /** Throws after {@code lastRound}. */
    public Recorder(int lastRound) {
      this.lastRound = lastRound;
    }

    /** The rounds told of. */
    public List<RoundMetrics> rounds() {
      return rounds;
    }

    @Override
    public void start(long totalSteps, long doneSteps) {}

    @Override
    public void round(RoundMetrics metrics, long totalSteps) {
      rounds.add(metrics);
      if (metrics.round() == lastRound) {
        throw new Killed();
      }
    }

    @Override
    public void end() {}
  }

  /** Stands for the driver's end. */
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
