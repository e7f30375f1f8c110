package org.longmae.jobs.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateFiles;
import org.longmae.jobs.run.StateManifest;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.StateVector;

/** DL4J's master beside the training service, on the same batches. */
class Dl4jRoundsTest {
  private static final int ROUNDS = 5;
  private static final int LOCAL_STEPS = 4;

  @TempDir static Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 150);
  }

  // Another slice of a batch, mask, rate, bias correction, moments that do not come back, decay of
  // a bias: each shows in the third digit after five rounds.
  @Test
  void dl4jsMeanIsTheServicesMean() throws IOException {
    // One epoch more than five rounds take, so that no round is cut short.
    RunConfig config =
        tinyRun(shards, "train.workers=2", "train.batch=6", "train.local-steps=" + LOCAL_STEPS);
    Recorder recorder = new Recorder(ROUNDS);
    assertThatThrownBy(() -> new PretrainJob(config, path("service"), recorder).run(spark()))
        .isInstanceOf(TestRuns.Killed.class);

    ShardManifest manifest = ShardManifest.read(fs(), new org.apache.hadoop.fs.Path(shards));
    try (MaeEngine engine = MaeEngine.open(config, 1)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      float[] initial = read(engine, StateVector.PARAMETERS);
      double score = 0;
      float[] parameters;
      float[] moments;
      try (Dl4jRounds rounds = Dl4jRounds.start(spark(), config, manifest, shards, 2, 1, initial)) {
        for (int round = 0; round < ROUNDS; round++) {
          score = rounds.train(round * LOCAL_STEPS, (round + 1) * LOCAL_STEPS);
        }
        parameters = rounds.parameters();
        moments = rounds.moments();
      }

      RunDirectory run = RunDirectory.existing(fs(), path("service"));
      StateManifest state = run.states().newest().orElseThrow();
      assertThat(state.round()).isEqualTo(ROUNDS);
      StateFiles.read(fs(), run.states().folder(ROUNDS), state, engine, Set.of());
      int length = initial.length;
      float[] expected = read(engine, StateVector.PARAMETERS);
      assertClose(parameters, expected);
      assertSameChange(config, initial, parameters, expected);
      assertClose(Arrays.copyOf(moments, length), read(engine, StateVector.FIRST_MOMENT));
      assertClose(
          Arrays.copyOfRange(moments, length, 2 * length), read(engine, StateVector.SECOND_MOMENT));
      var losses = recorder.rounds().get(ROUNDS - 1).losses();
      assertThat(score).isCloseTo(losses.get(losses.size() - 1), within(1e-4));
    }
  }

  @Test
  void whatDl4jCannotDoIsRefused() throws IOException {
    ShardManifest manifest = ShardManifest.read(fs(), new org.apache.hadoop.fs.Path(shards));
    RunConfig config = tinyRun(shards, "optim.clip-norm=1");
    assertThatThrownBy(
            () -> Dl4jRounds.start(spark(), config, manifest, shards, 2, 1, new float[1]))
        .hasMessageContaining("optim.clip-norm = 0");
  }

  /**
   * Compares what five rounds changed, parameter by parameter: to a thousandth of its largest
   * change. Not the biases of keys: they shift all scores of a row alike, so their gradient is
   * rounding error, which Adam makes steps of full length from.
   */
  private static void assertSameChange(
      RunConfig config, float[] initial, float[] actual, float[] expected) {
    for (ParameterLayout.Entry entry : ParameterLayout.of(MaeSpec.of(config)).entries()) {
      int from = (int) entry.offset();
      int length = (int) entry.length();
      boolean keys = entry.name().endsWith("qkv.bias");
      double change = 0;
      double difference = 0;
      for (int i = 0; i < length; i++) {
        if (!keys || i < length / 3 || i >= 2 * length / 3) {
          change = Math.max(change, Math.abs(expected[from + i] - initial[from + i]));
          difference = Math.max(difference, Math.abs(actual[from + i] - expected[from + i]));
        }
      }
      assertThat(change).as(entry.name()).isPositive();
      assertThat(difference).as(entry.name()).isLessThanOrEqualTo(1e-3 * change);
    }
  }

  /** To 1e-5 of the vector's largest element. */
  private static void assertClose(float[] actual, float[] expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(actual).hasSameSizeAs(expected);
    assertThat(difference).isLessThanOrEqualTo(1e-5 * largest);
  }

  private static float[] read(MaeEngine engine, StateVector vector) {
    float[] values = new float[Math.toIntExact(engine.stateLength())];
    engine.read(vector, 0, values);
    return values;
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
