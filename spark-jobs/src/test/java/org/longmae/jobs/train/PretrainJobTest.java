package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Killed;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateManifest;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

class PretrainJobTest {
  @TempDir static Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
  }

  // Spark may add nothing to the arithmetic: the same engine, batches, masks and rates.
  @Test
  void oneWorkerEqualsPlainTraining() throws IOException {
    RunConfig config = tinyRun(shards);
    PretrainResult onSpark = train(config, "plain", new Recorder());

    var shardFolder = new org.apache.hadoop.fs.Path(shards);
    ShardManifest manifest = ShardManifest.read(fs(), shardFolder);
    long steps = 3L * TrainingLoader.stepsPerEpoch(manifest, config);
    try (LocalTrainer trainer = LocalTrainer.open(fs(), shardFolder, manifest, config, 1, 0)) {
      trainer.initialize();
      List<Float> losses = trainer.trainUntil(steps).lossList();
      assertThat(losses(onSpark.rounds())).isEqualTo(losses);
      // Moments too: a wrong moment shows in the parameters only a step later.
      for (StateVector vector : trainer.engine().vectors()) {
        assertThat(read(trainer.engine(), vector)).isEqualTo(stored("plain", config, vector));
      }
    }
  }

  // A restart that draws other masks, skips a batch or loses a moment ends in other bits.
  @Test
  void resumedRunEqualsUninterruptedRun() throws IOException {
    RunConfig config = tinyRun(shards);
    PretrainResult whole = train(config, "whole", new Recorder());
    assertThatThrownBy(() -> train(config, "cut", new Recorder(2))).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> train(config, "cut", new Recorder(4))).isInstanceOf(Killed.class);
    PretrainResult resumed = train(config, "cut", new Recorder());

    assertThat(resumed.continuedFromStep()).isEqualTo(16);
    assertThat(losses(resumed.rounds())).isEqualTo(losses(whole.rounds()));
    assertThat(weights("cut")).isEqualTo(weights("whole"));
  }

  // The average is state: a restart that starts it again, or from the weights, ends in other bits.
  // Micro-batches and recomputation leave nothing behind between steps.
  @Test
  void resumedAverageEqualsUninterruptedAverage() throws IOException {
    String[] settings = {
      "optim.ema-decay=0.9", "optim.clip-norm=0.5", "train.micro-batch=6", "train.recompute=block"
    };
    RunConfig config = tinyRun(shards, settings);
    train(config, "average", new Recorder());
    assertThatThrownBy(() -> train(config, "average-cut", new Recorder(3)))
        .isInstanceOf(Killed.class);
    train(config, "average-cut", new Recorder());

    assertThat(weights("average-cut")).isEqualTo(weights("average"));
    assertThat(average("average-cut")).isEqualTo(average("average"));
    assertThat(average("average")).isNotEqualTo(weights("average"));
    assertThat(stored("average-cut", config, StateVector.AVERAGE))
        .isEqualTo(stored("average", config, StateVector.AVERAGE));
  }

  @Test
  void aRunWithoutAnAverageWritesNone() throws IOException {
    train(tinyRun(shards), "no-average", new Recorder());
    var weights = RunDirectory.existing(fs(), path("no-average")).newestWeights().orElseThrow();
    assertThat(fs().exists(RunDirectory.average(weights))).isFalse();
  }

  // With states every third round, the rounds since the last one are trained again, to the same
  // bits.
  @Test
  void roundsWithoutAStateAreTrainedAgain() throws IOException {
    RunConfig config = tinyRun(shards, "checkpoint.state-rounds=3");
    PretrainResult whole = train(config, "seldom-whole", new Recorder());
    assertThatThrownBy(() -> train(config, "seldom", new Recorder(4))).isInstanceOf(Killed.class);
    PretrainResult resumed = train(config, "seldom", new Recorder());

    assertThat(resumed.continuedFromStep()).isEqualTo(12);
    assertThat(losses(resumed.rounds())).isEqualTo(losses(whole.rounds()));
    assertThat(weights("seldom")).isEqualTo(weights("seldom-whole"));
  }

  // An executor that comes in between two states opens the last one and trains forward from it.
  @Test
  void aLostReplicaIsRebuiltToTheSameBits() throws IOException {
    RunConfig config = tinyRun(shards, "checkpoint.state-rounds=3");
    PretrainResult whole = train(config, "kept", new Recorder());
    Progress loser =
        new Progress() {
          @Override
          public void start(long totalSteps, long doneSteps) {}

          @Override
          public void round(RoundMetrics metrics, long totalSteps) {
            Replica.release();
          }

          @Override
          public void end() {}
        };
    PretrainResult lossy = train(config, "lossy", loser);
    assertThat(losses(lossy.rounds())).isEqualTo(losses(whole.rounds()));
    assertThat(weights("lossy")).isEqualTo(weights("kept"));
  }

  @Test
  void aTornStateIsNeverRead() throws IOException {
    RunConfig config = tinyRun(shards);
    PretrainResult whole = train(config, "untorn", new Recorder());
    assertThatThrownBy(() -> train(config, "torn", new Recorder(3))).isInstanceOf(Killed.class);
    RunDirectory run = RunDirectory.existing(fs(), path("torn"));
    var newest = run.states().folder(3);
    TestRuns.flipAByte(newest, "chunk-0001");
    assertThat(run.states().newest()).map(StateManifest::round).contains(2);
    PretrainResult resumed = train(config, "torn", new Recorder());
    assertThat(resumed.continuedFromStep()).isEqualTo(8);
    assertThat(losses(resumed.rounds())).isEqualTo(losses(whole.rounds()));
  }

  @Test
  void aStateWithoutManifestCountsAsAbsent() throws IOException {
    RunConfig config = tinyRun(shards);
    assertThatThrownBy(() -> train(config, "headless", new Recorder(2))).isInstanceOf(Killed.class);
    RunDirectory run = RunDirectory.existing(fs(), path("headless"));
    fs().delete(new org.apache.hadoop.fs.Path(run.states().folder(2), "manifest.json"), false);
    assertThat(run.states().newest()).map(StateManifest::round).contains(1);
  }

  // A diverged run must not train on, and must say where: a loss of NaN averages into everything.
  // What it leaves must fail again, at the same place, without the run.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aLossThatIsNotFiniteStopsTheRunAndReplays(int workers) throws IOException {
    String name = "diverged-" + workers;
    RunConfig config =
        tinyRun(
            shards, "optim.base-rate=1e30", "optim.warmup-epochs=0", "train.workers=" + workers);
    assertThatThrownBy(() -> train(config, name, new Recorder()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("round 1, worker 0: step 2, epoch 1")
        .hasMessageContaining("pictures [")
        .hasMessageContaining("longmae replay " + path(name));
    var dump = new org.apache.hadoop.fs.Path(path(name), "failures/round-000001-worker-000");
    assertThat(FailureDump.replay(fs(), dump, config)).contains("is not finite at step 2");
  }

  @Test
  void aFinishedRunIsLeftAsItIs() throws IOException {
    RunConfig config = tinyRun(shards);
    train(config, "finished", new Recorder());
    byte[] weights = weights("finished");
    Recorder again = new Recorder();
    PretrainResult result = train(config, "finished", again);
    assertThat(again.rounds()).isEmpty();
    assertThat(result.rounds()).isNotEmpty();
    assertThat(weights("finished")).isEqualTo(weights);
  }

  @Test
  void aRunKeepsItsOwnSettings() throws IOException {
    assertThatThrownBy(() -> train(tinyRun(shards), "own", new Recorder(1)))
        .isInstanceOf(Killed.class);
    RunConfig other = tinyRun(shards, "mask.ratio=0.5");
    assertThatThrownBy(() -> train(other, "own", new Recorder()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mask.ratio: 0.5, not 0.75");
    // What cannot change the result may change.
    train(tinyRun(shards, "data.decode-threads=1", "data.prefetch=1"), "own", new Recorder());
  }

  private static PretrainResult train(RunConfig config, String name, Progress progress)
      throws IOException {
    return new PretrainJob(config, path(name), progress).run(spark());
  }

  private static List<Float> losses(List<RoundMetrics> rounds) {
    return rounds.stream().flatMap(round -> round.losses().stream()).toList();
  }

  private static byte[] weights(String name) throws IOException {
    var file = RunDirectory.existing(fs(), path(name)).newestWeights().orElseThrow();
    return CommittedFile.read(fs(), file);
  }

  private static byte[] average(String name) throws IOException {
    var file = RunDirectory.existing(fs(), path(name)).newestWeights().orElseThrow();
    return CommittedFile.read(fs(), RunDirectory.average(file));
  }

  private static float[] stored(String name, RunConfig config, StateVector vector)
      throws IOException {
    RunDirectory run = RunDirectory.existing(fs(), path(name));
    StateManifest manifest = run.states().newest().orElseThrow();
    var shardFolder = new org.apache.hadoop.fs.Path(shards);
    ShardManifest shardSet = ShardManifest.read(fs(), shardFolder);
    try (LocalTrainer trainer = LocalTrainer.open(fs(), shardFolder, shardSet, config, 1, 0)) {
      trainer.restore(fs(), run.states().folder(manifest.round()), manifest, Set.of());
      return read(trainer.engine(), vector);
    }
  }

  private static float[] read(TrainingEngine engine, StateVector vector) {
    float[] floats = new float[(int) engine.stateLength()];
    engine.read(vector, 0, floats);
    return floats;
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
