package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.RoundMetrics;

/** Rounds on executors in JVMs of their own. */
class ExecutorsTest {
  @TempDir static Path folder;

  private static String shards;
  private static JavaSparkContext cluster;

  @BeforeAll
  static void start() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
    train(tinyRun(shards, "train.workers=3"), "one-jvm", spark());
    TestRuns.stopSpark();
    cluster = TestRuns.cluster(folder.resolve("home"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Bytes that tasks sent to the driver. */
  private static final class ResultSizes extends SparkListener {
    private final AtomicLong largest = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      largest.accumulateAndGet(end.taskMetrics().resultSize(), Math::max);
    }
  }

  @Test
  void executorsGiveTheBitsOfOneJvm() throws IOException {
    ResultSizes sizes = new ResultSizes();
    cluster.sc().addSparkListener(sizes);
    train(tinyRun(shards, "train.workers=3"), "executors", cluster);
    cluster.sc().removeSparkListener(sizes);
    var state = States.vectors(path("executors"));
    // Names, checksums and losses: not a hundredth of what a round makes.
    long bytes = 4L * state.values().stream().mapToInt(FloatBuffer::capacity).sum();
    assertThat(sizes.largest.get()).isPositive().isLessThan(bytes / 100);
    assertThat(States.vectors(path("executors"))).isEqualTo(States.vectors(path("one-jvm")));
  }

  @Test
  void workersFollowTheCluster() throws Exception {
    // The executor that another test has ended may not be back yet.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Cores.executors(cluster) < 2) {
      assertThat(System.nanoTime()).as("executors are back").isLessThan(deadline);
      Thread.sleep(50);
    }
    PretrainResult result = train(tinyRun(shards, "train.workers=0"), "following", cluster);
    assertThat(result.rounds().stream().map(RoundMetrics::workers)).containsOnly(2);
  }

  // The first worker's executor is gone with all it had, or while it writes what it sends:
  // Spark runs what is lost again elsewhere.
  @Test
  void aLostExecutorChangesNothing() throws IOException {
    for (String fault : List.of("train@2!", "send@3!")) {
      train(tinyRun(shards, "train.workers=3", "fault=" + fault), "lossy" + fault, cluster);
      assertThat(States.vectors(path("lossy" + fault)))
          .as(fault)
          .isEqualTo(States.vectors(path("one-jvm")));
    }
  }

  private static PretrainResult train(RunConfig config, String name, JavaSparkContext spark)
      throws IOException {
    return new PretrainJob(config, path(name), new Recorder()).run(spark);
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
