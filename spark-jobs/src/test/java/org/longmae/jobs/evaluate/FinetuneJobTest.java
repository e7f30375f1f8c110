package org.longmae.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Killed;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.Safetensors;
import org.longmae.jobs.train.LocalTrainer;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.model.EncoderSpec;
import org.longmae.model.Grid;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.PositionTable;
import org.longmae.model.ResampledPatchKernel;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

class FinetuneJobTest {
  @TempDir static java.nio.file.Path folder;

  private static String shards;
  private static Path weights;

  @BeforeAll
  static void pretrainALittle() throws IOException {
    shards = TestRuns.shards(path("data"), 200);
    RunConfig config = run("train.epochs=1");
    new PretrainJob(config, path("run"), new Recorder()).run(spark());
    weights = RunDirectory.existing(fs(), path("run")).newestWeights().orElseThrow();
  }

  private static RunConfig run(String... settings) {
    String[] all = {
      "finetune.epochs=2", "finetune.warmup-epochs=0.5", "finetune.batch=16",
      "finetune.base-rate=8e-3", "finetune.layer-decay=0.8", "checkpoint.epochs=1"
    };
    String[] joined = java.util.Arrays.copyOf(all, all.length + settings.length);
    System.arraycopy(settings, 0, joined, all.length, settings.length);
    return TestRuns.tinyRun(shards, joined);
  }

  // What is drawn (mixing, paths, crops) must be drawn again, and the start not be taken up twice.
  @Test
  void killedFineTuningEndsInTheSameBits() throws IOException {
    FinetuneJob job = new FinetuneJob(spark(), run());
    Tuned whole = job.run(weights, path("whole"), new Recorder());
    assertThatThrownBy(() -> job.run(weights, path("cut"), new Recorder(1)))
        .isInstanceOf(Killed.class);
    assertThatThrownBy(() -> job.run(weights, path("cut"), new Recorder(5)))
        .isInstanceOf(Killed.class);
    Tuned resumed = job.run(weights, path("cut"), new Recorder());
    assertThat(bytes("cut")).isEqualTo(bytes("whole"));
    assertThat(resumed.answers().confusion()).isEqualTo(whole.answers().confusion());
    assertThat(whole.answers().pictures()).isEqualTo(20);
    assertThat(whole.loss()).isLessThan(Math.log(16) + 0.1);
    // From random weights it is another run, of the same recipe.
    Tuned scratch = job.scratch(path("scratch"), new Recorder());
    assertThat(bytes("scratch")).isNotEqualTo(bytes("whole"));
    assertThat(scratch.epochs()).isEqualTo(2);
  }

  // A learner that reads labels wrongly, or trains the head alone, does not come this far.
  @Test
  void itLearnsItsPicturesByHeart() throws IOException {
    RunConfig config =
        run(
            "evaluate.shards=" + shards,
            "finetune.epochs=12",
            "finetune.mixup=0",
            "finetune.cutmix=0",
            "finetune.drop-path=0",
            "finetune.min-crop=0.8",
            "finetune.pooling=class");
    Tuned tuned = new FinetuneJob(spark(), config).run(weights, path("heart"), new Recorder());
    assertThat(tuned.answers().pictures()).isEqualTo(200);
    assertThat(tuned.answers().accuracy()).isGreaterThan(3 * tuned.answers().chance());
  }

  // Trained on 4 x 4 patches of 8 pixels, fine-tuned on 12 x 12 of 4.
  @Test
  void itStartsAtTheCheckpointBroughtToTheTransferLength() throws IOException {
    RunConfig config = run("evaluate.image-size=48", "evaluate.patch-size=4");
    RunConfig tuned = config.finetuned(weights.toString());
    assertThat(tuned.sequenceLength()).isEqualTo(144);
    Path shardFolder = new Path(shards);
    ShardManifest manifest = ShardManifest.read(fs(), shardFolder);
    ParameterLayout trained = ParameterLayout.of(EncoderSpec.of(MaeSpec.of(config)));
    Map<String, float[]> expected = new HashMap<>();
    float[] all = new float[(int) trained.size()];
    Safetensors.read(
        fs(),
        weights,
        trained,
        (offset, piece) -> System.arraycopy(piece, 0, all, (int) offset, piece.length));
    for (ParameterLayout.Entry entry : trained.entries()) {
      int from = (int) entry.offset();
      expected.put(
          entry.name(), java.util.Arrays.copyOfRange(all, from, from + (int) entry.length()));
    }
    try (LocalTrainer trainer = LocalTrainer.open(fs(), shardFolder, manifest, tuned, 1, 0)) {
      trainer.initialize();
      TrainingEngine engine = trainer.engine();
      for (String name : new String[] {"cls_token", "blocks.1.mlp.fc1.weight"}) {
        assertThat(parameter(engine, name)).as(name).isEqualTo(expected.get(name));
      }
      assertThat(parameter(engine, ParameterLayout.PATCH_KERNEL))
          .isEqualTo(ResampledPatchKernel.of(expected.get(ParameterLayout.PATCH_KERNEL), 8, 4));
      // Interpolated, which the table of 12 x 12 patches is not.
      float[] positions = parameter(engine, ParameterLayout.POSITIONS);
      assertThat(positions).hasSize(145 * 32);
      assertThat(positions).isNotEqualTo(PositionTable.of(new Grid(12, 12), 32));
    }
  }

  @Test
  void workersFineTuneTogether() throws IOException {
    FinetuneJob job = new FinetuneJob(spark(), run("train.workers=2", "finetune.epochs=1"));
    Tuned tuned = job.run(weights, path("together"), new Recorder());
    assertThat(tuned.answers().pictures()).isEqualTo(20);
  }

  // A restart with another recipe would end in a run that nobody asked for.
  @Test
  void anotherRecipeIsRefusedAtARestart() throws IOException {
    RunConfig config = run("finetune.epochs=1");
    assertThatThrownBy(
            () -> new FinetuneJob(spark(), config).run(weights, path("changed"), new Recorder(1)))
        .isInstanceOf(Killed.class);
    RunConfig other = run("finetune.epochs=1", "finetune.pooling=class");
    assertThatThrownBy(
            () -> new FinetuneJob(spark(), other).run(weights, path("changed"), new Recorder()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("finetune.pooling: class, not mean");
  }

  private static float[] parameter(TrainingEngine engine, String name) {
    ParameterLayout.Entry entry = engine.layout().entry(name);
    float[] values = new float[(int) entry.length()];
    engine.read(StateVector.PARAMETERS, entry.offset(), values);
    return values;
  }

  private static byte[] bytes(String run) throws IOException {
    return CommittedFile.read(
        fs(), RunDirectory.existing(fs(), path(run)).newestWeights().orElseThrow());
  }

  private static Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
