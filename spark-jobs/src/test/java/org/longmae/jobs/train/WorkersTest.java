package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Killed;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.SampleLog;
import org.longmae.model.StateVector;

/** Rounds of several workers, in one JVM. */
class WorkersTest {
  @TempDir static Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
  }

  // What is lost between rounds (a moment, the average, momentum, a slice) ends in other bits.
  @Test
  void resumedWorkersEndInTheSameBits() throws IOException {
    RunConfig config =
        tinyRun(shards, "train.workers=3", "averaging.strategy=diloco", "optim.ema-decay=0.9");
    PretrainResult whole = train(config, "whole", new Recorder());
    assertThatThrownBy(() -> train(config, "cut", new Recorder(2))).isInstanceOf(Killed.class);
    PretrainResult resumed = train(config, "cut", new Recorder());

    assertThat(resumed.continuedFromStep()).isEqualTo(8);
    assertThat(losses(resumed)).isEqualTo(losses(whole));
    assertThat(state("cut")).isEqualTo(state("whole"));
    assertThat(state("whole")).containsKey(StateVector.OUTER_MOMENTUM);
    assertThat(weights("cut")).isEqualTo(weights("whole"));
  }

  // One executor runs the tasks of three workers in turn, in whatever order they come; the sum is
  // in the workers' order. Two tasks in one JVM must not meet in one replica.
  @Test
  void theBitsDoNotDependOnHowManyTasksRunAtOnce() throws IOException {
    RunConfig config = tinyRun(shards, "train.workers=3");
    train(config, "two-slots", new Recorder());
    TestRuns.stopSpark();
    try (JavaSparkContext one = SparkApplication.start("tests", "local[1]")) {
      new PretrainJob(config, path("one-slot"), new Recorder()).run(one);
    }
    assertThat(state("one-slot")).isEqualTo(state("two-slots"));
  }

  // The gradient of a batch is the mean of its parts' gradients, weighted by their size: 16
  // pictures
  // do not divide by 3. An unweighted mean, or a rate by the part, is off by far more than
  // rounding.
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void meanOfEveryStepUnderGradientDescentIsTheWholeBatch(int workers) throws IOException {
    String[] descent = {
      "optim.kind=sgd", "optim.base-rate=1", "train.local-steps=1", "train.epochs=2"
    };
    train(tinyRun(shards, descent), "whole-batch", new Recorder());
    String[] shared = Arrays.copyOf(descent, descent.length + 1);
    shared[descent.length] = "train.workers=" + workers;
    String name = "shared-" + workers;
    PretrainResult result = train(tinyRun(shards, shared), name, new Recorder());

    assertThat(result.finalLoss()).isLessThan(0.99 * result.rounds().get(0).meanLoss());
    float[] whole = state("whole-batch").get(StateVector.PARAMETERS).array();
    float[] mean = state(name).get(StateVector.PARAMETERS).array();
    assertThat(distance(mean, whole)).isLessThan(1e-6);
  }

  /** ‖a − b‖ / ‖b‖. */
  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < b.length; i++) {
      difference += Math.pow(a[i] - b[i], 2);
      norm += Math.pow(b[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  // R2: the number of workers changes at every restart. A slice that is cut otherwise, or a
  // position
  // that counts a worker's steps, shows in the pictures.
  @Test
  void everyPictureIsSeenOnceAnEpochWhateverTheWorkers() throws IOException {
    String log = "checkpoint.log-samples=true";
    train(tinyRun(shards, log), "steady", new Recorder());
    int[] workers = {1, 2, 4, 3};
    for (int i = 0; i < workers.length - 1; i++) {
      RunConfig config = tinyRun(shards, log, "train.workers=" + workers[i]);
      Recorder killed = new Recorder(i + 1);
      assertThatThrownBy(() -> train(config, "changing", killed)).isInstanceOf(Killed.class);
    }
    PretrainResult last =
        train(tinyRun(shards, log, "train.workers=3"), "changing", new Recorder());

    assertThat(last.rounds().stream().map(RoundMetrics::workers)).startsWith(1, 2, 4, 3);
    List<List<Long>> steps = samples("changing", last.rounds().size());
    assertThat(steps).isEqualTo(samples("steady", last.rounds().size()));
    int epoch = steps.size() / 3;
    for (int i = 0; i < 3; i++) {
      List<Long> ids =
          steps.subList(i * epoch, (i + 1) * epoch).stream().flatMap(List::stream).toList();
      assertThat(ids).doesNotHaveDuplicates().hasSize(16 * epoch);
    }
  }

  private static List<List<Long>> samples(String name, int rounds) throws IOException {
    List<List<Long>> steps = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      var file = RunDirectory.existing(fs(), path(name)).samples(round);
      SampleLog log = Json.parse(CommittedFile.readText(fs(), file), SampleLog.class, "log");
      assertThat(log.firstStep()).isEqualTo(steps.size());
      log.steps().forEach(ids -> steps.add(LongStream.of(ids).boxed().toList()));
    }
    return steps;
  }

  // Moments that start anew are neither sent nor kept.
  @Test
  void momentsThatAreResetAreInNoState() throws IOException {
    RunConfig config =
        tinyRun(shards, "train.workers=2", "averaging.moments=reset", "averaging.strategy=slowmo");
    train(config, "reset", new Recorder());
    assertThat(state("reset")).containsOnlyKeys(StateVector.PARAMETERS, StateVector.OUTER_MOMENTUM);
  }

  private static PretrainResult train(RunConfig config, String name, Progress progress)
      throws IOException {
    return new PretrainJob(config, path(name), progress).run(spark());
  }

  private static List<Float> losses(PretrainResult result) {
    return result.rounds().stream().flatMap(round -> round.losses().stream()).toList();
  }

  private static byte[] weights(String name) throws IOException {
    var file = RunDirectory.existing(fs(), path(name)).newestWeights().orElseThrow();
    return CommittedFile.read(fs(), file);
  }

  private static Map<StateVector, FloatBuffer> state(String name) throws IOException {
    return States.vectors(path(name));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
