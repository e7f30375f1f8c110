package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.shard.ShardJob;
import org.longmae.model.LearningRateSchedule;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;

/**
 * A model that cannot learn a few photographs by heart does not learn: a mask, a target or a
 * position that is off for some patches passes every test of shapes and stops the loss here.
 */
class OverfitTest {
  private static final int PICTURES = 64;
  private static final int STEPS = 500;

  /**
   * Each picture keeps its crop and its mask. With a new mask a step, most of a loss of normalised
   * pixels is texture that nothing visible foretells, and no model of this size gets to a fifth;
   * with one mask a picture, the pixels to say are the same every time and can be learnt by heart.
   */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "LONGMAE_TEST_DATA",
      matches = ".+",
      disabledReason = "needs LONGMAE_TEST_DATA, a folder with coco-mini (COCO's layout)")
  void learnsSixtyFourPhotographsByHeart(@TempDir java.nio.file.Path folder) throws IOException {
    RunConfig config =
        TestRuns.tinyRun(
            folder.toUri().toString(),
            "model.encoder={width=128,depth=4,heads=4}",
            "model.decoder={width=96,depth=2,heads=3}",
            "optim.weight-decay=0");
    Batch pictures = photographs(config);
    assertThat(pictures.size()).isEqualTo(PICTURES);
    int[] masks = new BatchMasks(config, Purpose.MASK).of(pictures.ids(), 0);
    LearningRateSchedule schedule = new LearningRateSchedule(2e-3, 0, 25, STEPS);
    MaeSpec spec = MaeSpec.of(config);
    try (MaeEngine engine = MaeEngine.open(config, 2)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      double first = engine.step(pictures.images_BCHW(), masks, schedule.rate(1), 1);
      double last = first;
      for (int step = 2; step <= STEPS && last > first / 5; step++) {
        last = engine.step(pictures.images_BCHW(), masks, schedule.rate(step), step);
      }
      assertThat(last).isLessThan(first / 5);
    }
  }

  private static Batch photographs(RunConfig config) throws IOException {
    Path source = new Path(System.getenv("LONGMAE_TEST_DATA"), "coco-mini");
    Path shards = new Path(config.data().shards());
    ShardManifest manifest = new ShardJob(config, source, shards).run(TestRuns.spark()).manifest();
    try (EvaluationLoader loader =
        EvaluationLoader.open(
            TestRuns.fs(), shards, manifest, ShardPlan.TRAIN, config.image(), PICTURES, PICTURES)) {
      return loader.next().orElseThrow();
    }
  }
}
