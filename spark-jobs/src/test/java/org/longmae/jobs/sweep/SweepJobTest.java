package org.longmae.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.Score;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.Progress;

class SweepJobTest {
  @TempDir static java.nio.file.Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
  }

  private static List<SweepPoint> points(String... settings) {
    List<RunConfig> configs = new ArrayList<>();
    for (String size : List.of("16", "24", "32")) {
      String[] all = java.util.Arrays.copyOf(settings, settings.length + 6);
      all[settings.length] = "image.size=" + size;
      all[settings.length + 1] = "train.epochs=1";
      all[settings.length + 2] = "evaluate.image-size=32";
      all[settings.length + 3] = "evaluate.probe-regularization=[1e-2]";
      all[settings.length + 4] = "evaluate.probe-iterations=2";
      all[settings.length + 5] = "evaluate.max-pictures=60";
      configs.add(TestRuns.tinyRun(shards, all));
    }
    return SweepPoint.named(configs);
  }

  private static SweepReport run(
      String name, List<SweepPoint> points, int parallel, boolean retries, Progress progress)
      throws IOException {
    return run(name, points, new SweepJob.Settings(parallel, retries, Optional.empty()), progress);
  }

  private static SweepReport run(
      String name, List<SweepPoint> points, SweepJob.Settings settings, Progress progress)
      throws IOException {
    return new SweepJob(points, path(name), name, "longmae sweep", settings, point -> progress)
        .run(spark());
  }

  // What is sent around must not tell where the cluster's files lie.
  @Test
  void aPublishedPageHasPicturesAndNoPaths() throws IOException {
    SweepReport report = run("told", points().subList(0, 1), 1, true, new Recorder());
    SweepFiles files = new SweepFiles(fs(), path("told"));
    Path page = files.publish(report, path("published"), 1 << 20);
    assertThat(CommittedFile.readText(fs(), page))
        .contains("data:image/jpeg;base64,", "points/" + report.points().get(0).name())
        .doesNotContain(folder.toString());
    assertThat(CommittedFile.readText(fs(), new Path(path("published"), "report.csv")))
        .contains(report.points().get(0).name())
        .doesNotContain(folder.toString());
    assertThat(CommittedFile.readText(fs(), files.page())).contains(folder.toString());
  }

  // Baselines cost as much as points do: a second sweep must read them, whatever its points are.
  @Test
  void sweepsShareBaselines() throws IOException {
    SweepJob.Settings shared =
        new SweepJob.Settings(1, true, Optional.of(path("shared-baselines")));
    run("first", points().subList(0, 1), shared, new Recorder());
    List<Long> written = new ArrayList<>();
    for (FileStatus file : fs().listStatus(path("shared-baselines"))) {
      written.add(file.getModificationTime());
    }
    SweepReport second = run("second", points().subList(1, 2), shared, new Recorder());
    assertThat(second.points().get(0).scores()).isNotEmpty();
    assertThat(fs().listStatus(path("shared-baselines")))
        .extracting(FileStatus::getModificationTime)
        .hasSize(2)
        .containsExactlyElementsOf(written);
    assertThat(fs().exists(new Path(path("second"), "baselines"))).isFalse();
  }

  // In company a point may get another's replica, masks, baselines or place in the report.
  @Test
  void pointsSideBySideGiveTheNumbersOfOneAtATime() throws IOException {
    SweepReport alone = run("alone", points(), 1, true, new Recorder());
    assertThat(alone.heldOutPictures()).isPositive();
    // A set of its own to be scored on: all of its pictures, up to evaluate.max-pictures.
    SweepReport apart =
        run("apart", points("evaluate.shards=" + shards).subList(0, 1), 1, true, new Recorder());
    assertThat(apart.heldOutPictures()).isEqualTo(60);
    SweepReport together = run("together", points(), 2, true, new Recorder());
    assertThat(together.points()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      PointReport one = alone.points().get(i);
      PointReport other = together.points().get(i);
      assertThat(other.failure()).isEmpty();
      assertThat(other.name()).isEqualTo(one.name());
      assertThat(other.curve()).isEqualTo(one.curve());
      assertThat(other.heldOut()).isEqualTo(one.heldOut());
      assertThat(other.scores()).isEqualTo(one.scores());
      assertThat(weights("together", one.name())).isEqualTo(weights("alone", one.name()));
    }
    SweepStatus status = new SweepFiles(fs(), path("together")).status();
    assertThat(status.parallel()).isEqualTo(2);
    assertThat(status.count("finished")).isEqualTo(3);
  }

  @Test
  void aFailedPointIsReportedAndTriedAgainWhenAsked() throws IOException {
    List<SweepPoint> points = points().subList(0, 2);
    String broken = points.get(0).name();
    Path obstacle = new Path(path("failing"), "points/" + broken + "/state");
    CommittedFile.write(fs(), obstacle, "in the way");

    SweepReport first = run("failing", points, 1, false, new Recorder());
    assertThat(first.points().get(0).failed()).isTrue();
    assertThat(first.points().get(1).failed()).isFalse();
    SweepStatus status = new SweepFiles(fs(), path("failing")).status();
    assertThat(status.points().get(0).state()).isEqualTo("failed");
    assertThat(status.points().get(0).failure()).isNotEmpty();

    fs().delete(obstacle, false);
    SweepReport same = run("failing", points, 1, false, new Recorder());
    assertThat(same.points()).isEqualTo(first.points());
    SweepReport again = run("failing", points, 1, true, new Recorder());
    assertThat(again.points().get(0).failed()).isFalse();
    assertThat(new SweepFiles(fs(), path("failing")).status().count("finished")).isEqualTo(2);
  }

  // Killed in training: what is finished stays, what is not has not failed.
  @Test
  void aKilledSweepTellsHowItStandsAndGoesOn() throws IOException {
    List<SweepPoint> points =
        points("evaluate.finetune=true", "finetune.epochs=1", "finetune.warmup-epochs=0")
            .subList(0, 2);
    assertThatThrownBy(() -> run("killed", points, 1, false, killing()))
        .hasMessage("the driver is killed");
    SweepStatus status = new SweepFiles(fs(), path("killed")).status();
    assertThat(status.points().get(1).state()).isEqualTo("waiting");
    assertThat(status.count("failed")).isZero();

    SweepReport report = run("killed", points, 1, false, new Recorder());
    assertThat(report.points()).noneMatch(PointReport::failed);
    Score first = report.points().get(0).score("fine-tuning").orElseThrow();
    Score second = report.points().get(1).score("fine-tuning").orElseThrow();
    // One transfer length: one training from scratch for both.
    assertThat(first.untrained()).isEqualTo(second.untrained());
    assertThat(first.compared()).isEqualTo(Score.FROM_SCRATCH);
    assertThat(fs().listStatus(new Path(path("killed"), "baselines"))).hasSize(4);
  }

  /** Ends the driver: an error is no point's failure. */
  private static Progress killing() {
    return new Progress() {
      @Override
      public void start(long totalSteps, long doneSteps) {}

      @Override
      public void round(RoundMetrics metrics, long totalSteps) {
        throw new AssertionError("the driver is killed");
      }

      @Override
      public void end() {}
    };
  }

  private static byte[] weights(String sweep, String point) throws IOException {
    Path run = new Path(path(sweep), "points/" + point);
    return CommittedFile.read(fs(), RunDirectory.existing(fs(), run).newestWeights().orElseThrow());
  }

  private static Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
