package org.longmae.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.model.EncoderEngine;
import org.longmae.model.EncoderSpec;
import org.longmae.model.MaeSpec;

class EvaluateJobTest {
  @TempDir static java.nio.file.Path folder;

  private static RunConfig config;
  private static Path weights;

  @BeforeAll
  static void trainALittle() throws IOException {
    config = TestRuns.tinyRun(TestRuns.shards(new Path(folder.toUri()), 300), "train.epochs=1");
    Path run = new Path(folder.resolve("run").toUri());
    new PretrainJob(config, run, new TestRuns.Recorder()).run(spark());
    weights = RunDirectory.existing(fs(), run).newestWeights().orElseThrow();
  }

  @Test
  void everyNumberHasItsBaselines() throws IOException {
    EvaluateJob job = new EvaluateJob(spark(), config);
    EvaluateResult result = job.run(weights);
    assertThat(result.heldOutPictures()).isEqualTo(30);
    assertThat(result.heldOutLoss()).isPositive().isLessThan(job.untrainedLoss());
    Readout readout = result.readout().orElseThrow();
    assertThat(readout.probe().pictures()).isEqualTo(30);
    assertThat(readout.neighbours().pictures()).isEqualTo(30);
    assertThat(config.evaluate().probeRegularization()).contains(readout.penalty());
    Baselines baselines = job.baselines().orElseThrow();
    assertThat(baselines.untrained().probe().confusion()).isNotEqualTo(readout.probe().confusion());
    // Scenes of 16 classes differ in colour, so that even pixels tell a little.
    assertThat(baselines.pixels().neighbours().accuracy()).isGreaterThan(1.0 / 16);
  }

  // A picture is its own nearest neighbour; a swapped block or label would show.
  @Test
  void picturesFindThemselves() throws IOException {
    RunConfig same =
        TestRuns.tinyRun(
            config.data().shards(),
            "evaluate.shards=" + config.data().shards(),
            "evaluate.neighbours=1");
    EvaluateJob job = new EvaluateJob(spark(), same);
    Answers neighbours = job.run(weights).readout().orElseThrow().neighbours();
    assertThat(neighbours.pictures()).isEqualTo(300);
    // The 270 training pictures are among those scored; the 30 others may be wrong.
    assertThat(neighbours.accuracy()).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void featuresInParquetAreThoseOfTheEncoder() throws IOException {
    Path out = new Path(folder.resolve("features").toUri());
    new EvaluateJob(spark(), config).writeFeatures(weights, out);
    SparkSession session = SparkSession.builder().sparkContext(spark().sc()).getOrCreate();
    Dataset<Row> train = session.read().parquet(new Path(out, "train").toString());
    assertThat(train.columns()).containsExactly("id", "label", "features");
    assertThat(train.count()).isEqualTo(270);
    Row first = train.orderBy("id").first();

    ModelSource source = new ModelSource(config, weights.toString(), 1);
    SplitReader fitted = EvaluationSet.of(config, spark().hadoopConfiguration()).fitted();
    List<Float> found = new ArrayList<>();
    try (EncoderEngine encoder = source.encoder(spark().hadoopConfiguration())) {
      fitted.forEachBatch(
          spark().hadoopConfiguration(),
          batch -> {
            float[] features =
                encoder.features(batch.images_BCHW(), config.evaluate().pooling(), 2);
            int width = features.length / batch.size();
            for (int i = 0; i < features.length; i++) {
              if (batch.ids()[i / width] == first.getLong(0)) {
                found.add(features[i]);
              }
            }
          });
    }
    assertThat(first.<Float>getList(2)).isNotEmpty().isEqualTo(found);
  }

  // Trained at 4 x 4 patches of 8 pixels, looked through at 6 x 6 of 4: the table and the patch
  // kernel have other sizes than in the checkpoint.
  @Test
  void anotherTransferLengthTakesAllWeights() throws IOException {
    RunConfig longer =
        TestRuns.tinyRun(config.data().shards(), "evaluate.image-size=24", "evaluate.patch-size=4");
    assertThat(longer.transferLength()).isEqualTo(36);
    EvaluateResult result = new EvaluateJob(spark(), longer).run(weights);
    assertThat(result.readout()).isPresent();
    assertThat(result.heldOutLoss())
        .isEqualTo(new EvaluateJob(spark(), config).run(weights).heldOutLoss());
    assertThat(EncoderSpec.of(MaeSpec.of(longer)).patches()).isEqualTo(16);
  }

  // Pixels are costly to read: no seed, no length and no fine-tuning may have them read again.
  @Test
  void pixelsAreReadOnceForAllPointsOfASweep() throws IOException {
    EvaluateJob job = job();
    EvaluateJob other =
        job("seed=1", "evaluate.finetune=true", "model.patch-size=4", "evaluate.patch-size=8");
    assertThat(other.pixelsKey()).isEqualTo(job.pixelsKey());
    assertThat(other.untrainedKey()).isNotEqualTo(job.untrainedKey());
    assertThat(job("evaluate.finetune=true").untrainedKey()).isEqualTo(job.untrainedKey());
    assertThat(job("evaluate.image-size=24").pixelsKey()).isNotEqualTo(job.pixelsKey());
    assertThat(job("evaluate.max-pictures=9").pixelsKey()).isNotEqualTo(job.pixelsKey());
  }

  private static EvaluateJob job(String... settings) throws IOException {
    return new EvaluateJob(spark(), TestRuns.tinyRun(config.data().shards(), settings));
  }

  // A sweep measures what its points share at whichever of them comes to it first.
  @Test
  void runsOfAllLengthsAreComparedWithOneRandomEncoder() throws IOException {
    String transfer = "evaluate.image-size=24";
    RunConfig coarse = TestRuns.tinyRun(config.data().shards(), transfer, "evaluate.patch-size=4");
    RunConfig fine =
        TestRuns.tinyRun(
            config.data().shards(), transfer, "evaluate.patch-size=4", "model.patch-size=4");
    assertThat(new EvaluateJob(spark(), fine).untrainedKey())
        .isEqualTo(new EvaluateJob(spark(), coarse).untrainedKey());
    float[][] features = new float[2][];
    RunConfig[] runs = {coarse, fine};
    for (int run = 0; run < runs.length; run++) {
      int[] at = {run};
      ModelSource random = new ModelSource(runs[run], null, 1);
      SplitReader scored =
          EvaluationSet.of(runs[run], spark().hadoopConfiguration())
              .scored()
              .at(runs[run].transferImage());
      try (EncoderEngine encoder = random.encoder(spark().hadoopConfiguration())) {
        scored.forEachBatch(
            spark().hadoopConfiguration(),
            batch ->
                features[at[0]] =
                    encoder.features(batch.images_BCHW(), config.evaluate().pooling(), 2));
      }
    }
    assertThat(features[1]).isEqualTo(features[0]);
  }

  @Test
  void aSetWithOtherClassesIsRefused() throws IOException {
    RunConfig config = TestRuns.tinyRun(EvaluateJobTest.config.data().shards());
    java.nio.file.Path pictures = folder.resolve("other/pictures");
    Path shards = new Path(folder.resolve("other/shards").toUri());
    java.nio.file.Files.createDirectories(pictures.resolve("a"));
    java.nio.file.Files.createDirectories(pictures.resolve("b"));
    try (var files = java.nio.file.Files.walk(folder.resolve("scenes"))) {
      List<java.nio.file.Path> two =
          files.filter(file -> file.toString().endsWith(".jpg")).limit(2).toList();
      java.nio.file.Files.copy(two.get(0), pictures.resolve("a/1.jpg"));
      java.nio.file.Files.copy(two.get(1), pictures.resolve("b/1.jpg"));
    }
    new org.longmae.jobs.shard.ShardJob(config, new Path(pictures.toUri()), shards).run(spark());
    RunConfig other = TestRuns.tinyRun(config.data().shards(), "evaluate.shards=" + shards);
    assertThatThrownBy(() -> new EvaluateJob(spark(), other))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evaluate.shards must have the classes of data.shards")
        .hasMessageContaining("[a, b]");
  }
}
