package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Killed;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.weights.WeightImport;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/** Training starts from imported weights as from its own, and goes on after a kill. */
class ImportedRunTest {
  @TempDir private java.nio.file.Path folder;

  @Test
  void aRunStartsFromTheWeightsThatWereImported() throws IOException {
    Path root = new Path(folder.toUri().toString());
    String shards = TestRuns.shards(root, 48);
    RunConfig config = TestRuns.tinyRun(shards, "optim.ema-decay=0.9");
    Path weights = new Path(root, "weights.safetensors");
    try (MaeEngine engine = MaeEngine.open(config, 1)) {
      engine.initialize(new SplittableRandom(99));
      Safetensors.write(TestRuns.fs(), weights, engine, StateVector.PARAMETERS, Map.of());
    }
    List<Float> plain = losses(config, weights);

    Path run = imported(config, weights, new Path(root, "run"));
    assertThatThrownBy(() -> new PretrainJob(config, run, new Recorder(1)).run(TestRuns.spark()))
        .isInstanceOf(Killed.class);
    List<Float> resumed =
        new PretrainJob(config, run, new Recorder())
            .run(TestRuns.spark()).rounds().stream()
                .flatMap(round -> round.losses().stream())
                .toList();
    assertThat(resumed).isEqualTo(plain);

    // Several workers start from a state that is written first.
    RunConfig two = TestRuns.tinyRun(shards, "optim.ema-decay=0.9", "train.workers=2");
    Path together = imported(two, weights, new Path(root, "together"));
    float first =
        new PretrainJob(two, together, new Recorder())
            .run(TestRuns.spark())
            .rounds()
            .get(0)
            .losses()
            .get(0);
    assertThat(first).isCloseTo(plain.get(0), within(1e-5f));
    float drawn =
        new PretrainJob(config, new Path(root, "drawn"), new Recorder())
            .run(TestRuns.spark())
            .rounds()
            .get(0)
            .losses()
            .get(0);
    assertThat(drawn).isNotCloseTo(plain.get(0), within(1e-3f));
  }

  private static Path imported(RunConfig config, Path weights, Path root) throws IOException {
    WeightImport.read(TestRuns.fs(), weights, config, false)
        .writeTo(RunDirectory.anew(TestRuns.fs(), root, config));
    return root;
  }

  /** By the training loop alone. */
  private static List<Float> losses(RunConfig config, Path weights) throws IOException {
    Path shards = new Path(config.data().shards());
    ShardManifest manifest = ShardManifest.read(TestRuns.fs(), shards);
    try (LocalTrainer trainer = LocalTrainer.open(TestRuns.fs(), shards, manifest, config, 1, 0)) {
      trainer.initialize(TestRuns.fs(), weights);
      return trainer.trainUntil(3L * TrainingLoader.stepsPerEpoch(manifest, config)).lossList();
    }
  }
}
