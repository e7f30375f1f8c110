package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.ExampleGrid;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;

/** From one shard set to weights and pictures, for images that are not square or not coloured. */
class ImageShapesTest {
  @TempDir static Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
  }

  // Height and width exchanged anywhere on the way ends in a wrong length or a wrong picture.
  @Test
  void wideImagesTrainAndAreReconstructed() throws Exception {
    RunConfig config =
        tinyRun(
            shards, "image.size=[32,64]", "mask.unit=2", "train.epochs=15", "optim.base-rate=5e-2");
    Picture grid = trainAndDraw(config, "wide");

    // Six rows of five panels, each twice as wide as high, and enlarged twice.
    assertThat(grid.height()).isEqualTo(6 * 2 * 32 + 5 * 4);
    assertThat(grid.width()).isEqualTo(5 * 2 * 64 + 4 * 4);
  }

  @Test
  void greyImagesTrainAndAreReconstructed() throws Exception {
    RunConfig config =
        tinyRun(
            shards,
            "image.channels=1",
            "image.mean=[0.449]",
            "image.std=[0.226]",
            "train.epochs=15",
            "optim.base-rate=5e-2");
    Picture grid = trainAndDraw(config, "grey");

    assertThat(grid.height()).isEqualTo(6 * 4 * 32 + 5 * 4);
    byte[] rgb = grid.rgb();
    for (int i = 0; i < rgb.length; i += 3) {
      assertThat(rgb[i] == rgb[i + 1] && rgb[i] == rgb[i + 2]).isTrue();
    }
  }

  private static Picture trainAndDraw(RunConfig config, String name)
      throws IOException, UnreadablePictureException {
    PretrainResult trained = new PretrainJob(config, path(name), new Recorder()).run(spark());
    List<RoundMetrics> rounds = trained.rounds();
    assertThat(rounds).hasSizeGreaterThan(5);
    // 1 is what a prediction of zero gets.
    assertThat(rounds.get(rounds.size() - 1).meanLoss())
        .isLessThan(0.8 * rounds.get(0).meanLoss())
        .isLessThan(1);

    var weights = RunDirectory.existing(fs(), path(name)).newestWeights().orElseThrow();
    EvaluateJob evaluation = new EvaluateJob(spark(), config);
    assertThat(evaluation.run(weights).heldOutLoss()).isLessThan(evaluation.untrainedLoss());
    return PictureCodec.decode(ExampleGrid.png(config, evaluation.examples(weights)));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
