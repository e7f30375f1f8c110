package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;

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

  @Test
  void executorsGiveTheBitsOfOneJvm() throws IOException {
    train(tinyRun(shards, "train.workers=3"), "executors", cluster);
    assertThat(States.vectors(path("executors"))).isEqualTo(States.vectors(path("one-jvm")));
  }

  private static PretrainResult train(RunConfig config, String name, JavaSparkContext spark)
      throws IOException {
    return new PretrainJob(config, path(name), new Recorder()).run(spark);
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
