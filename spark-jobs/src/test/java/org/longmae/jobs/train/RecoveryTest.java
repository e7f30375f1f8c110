package org.longmae.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.fs;
import static org.longmae.jobs.TestRuns.spark;
import static org.longmae.jobs.TestRuns.tinyRun;
import static org.longmae.jobs.run.Durability.FORCED;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Fault.Point;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;
import org.longmae.jobs.TestRuns.Recorder;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.LeaseException;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunStatus;
import org.longmae.jobs.run.StateManifest;

/** Runs that are killed, robbed or damaged, and go on. */
class RecoveryTest {
  private static final String LOG = "checkpoint.log-samples=true";

  @TempDir static Path folder;

  private static String shards;

  @BeforeAll
  static void makeShards() throws IOException {
    shards = TestRuns.shards(path("data"), 120);
  }

  // R1 in short: killed at every point there is, in one round after another; parameters, moments,
  // losses and pictures are those of a run that nobody disturbed.
  @Test
  void aRunKilledAtEveryPointEndsInTheSameBits() throws IOException {
    PretrainResult whole = train(workers(), "whole", new Recorder());
    int rounds = whole.rounds().size();
    for (Point point : Point.values()) {
      int round = Math.min(1 + point.ordinal(), rounds - 1);
      String fault = "fault=" + point.name().toLowerCase(Locale.ROOT) + "@" + round;
      trainUntil(fault, "killed");
    }
    PretrainResult last = train(workers(), "killed", new Recorder());

    assertThat(losses(last)).isEqualTo(losses(whole));
    assertThat(States.vectors(path("killed"))).isEqualTo(States.vectors(path("whole")));
    for (int round = 1; round <= rounds; round++) {
      assertThat(read(run("killed").samples(round))).isEqualTo(read(run("whole").samples(round)));
    }
    assertThat(read(run("killed").newestWeights().orElseThrow()))
        .isEqualTo(read(run("whole").newestWeights().orElseThrow()));
  }

  @Test
  void aDamagedStateOfWorkersIsPassedOver() throws IOException {
    train(workers(), "undamaged", new Recorder());
    trainUntil("fault=load@4", "damaged");
    TestRuns.flipAByte(run("damaged").states().folder(3), "chunk-0002");
    assertThat(run("damaged").states().newest()).map(StateManifest::round).contains(2);
    PretrainResult resumed = train(workers(), "damaged", new Recorder());
    assertThat(resumed.continuedFromStep()).isEqualTo(8);
    assertThat(States.vectors(path("damaged"))).isEqualTo(States.vectors(path("undamaged")));
  }

  // A driver's first states are forced to the disk, and its last; within a minute, none between.
  // Where every one is due, all are.
  @Test
  void statesAreForcedToTheDiskByTime() throws IOException {
    String keep = "checkpoint.keep-states=9";
    RunConfig faulty = tinyRun(shards, "train.workers=2", keep, "fault=load@5");
    assertThatThrownBy(() -> train(faulty, "timed", new Recorder()))
        .hasStackTraceContaining("failed as asked, at ");
    assertThat(durabilities("timed", 4))
        .containsExactly(FORCED, FORCED, Durability.LAZY, Durability.LAZY, Durability.LAZY);
    train(tinyRun(shards, "train.workers=2", keep), "timed", new Recorder());
    assertThat(durabilities("timed", 5)).endsWith(Durability.LAZY, FORCED);
    train(
        tinyRun(shards, "train.workers=2", keep, "checkpoint.sync-seconds=0"),
        "each",
        new Recorder());
    assertThat(durabilities("each", 5)).containsOnly(FORCED);
  }

  private static List<Durability> durabilities(String name, int last) throws IOException {
    List<Durability> all = new ArrayList<>();
    for (int round = 0; round <= last; round++) {
      var file = new org.apache.hadoop.fs.Path(run(name).states().folder(round), "manifest.json");
      String text = CommittedFile.readText(fs(), file);
      all.add(Json.parse(text, StateManifest.class, file.toString()).durability());
    }
    return all;
  }

  // The driver of a host that was cut off wakes up behind its successor.
  @Test
  void aDriverThatWasSucceededCommitsNothing() throws IOException {
    Progress thief =
        new Progress() {
          @Override
          public void start(long totalSteps, long doneSteps) {}

          @Override
          public void round(RoundMetrics metrics, long totalSteps) {
            if (metrics.round() == 2) {
              takeOver();
            }
          }

          @Override
          public void end() {}
        };
    RunConfig config = workers();
    assertThatThrownBy(() -> new PretrainJob(config, path("robbed"), thief).run(spark()))
        .isInstanceOf(LeaseException.class);
    assertThat(run("robbed").states().newest()).map(StateManifest::round).contains(2);
  }

  // A folder stands where the file belongs: neither is written, and training does not care.
  @Test
  void aSinkThatFailsStopsNothing() throws IOException {
    var blocked = path("blocked");
    fs().mkdirs(new org.apache.hadoop.fs.Path(blocked, "metrics.jsonl/in-the-way"));
    PretrainResult result = train(workers(), "blocked", new Recorder());
    assertThat(result.rounds()).hasSize(5);
    assertThat(run("blocked").states().newest()).map(StateManifest::round).contains(5);
  }

  @Test
  void aRunTellsHowItStandsFromItsFiles() throws IOException {
    List<RunStatus> seen = new ArrayList<>();
    Progress watcher =
        new Progress() {
          @Override
          public void start(long totalSteps, long doneSteps) {}

          @Override
          public void round(RoundMetrics metrics, long totalSteps) {
            try {
              seen.add(RunStatus.of(run("watched")));
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public void end() {}
        };
    RunConfig faulty = tinyRun(shards, "train.workers=2", "fault=load@4");
    assertThatThrownBy(() -> train(faulty, "watched", watcher));
    RunStatus third = seen.get(2);
    assertThat(third.state()).isEqualTo("running");
    assertThat(third.step()).isEqualTo(12);
    assertThat(third.steps()).isEqualTo(18);
    assertThat(third.workers()).isEqualTo(2);
    assertThat(third.loss()).isPositive();
    assertThat(third.secondsLeft()).isPositive();
    RunStatus stopped = RunStatus.of(run("watched"));
    assertThat(stopped.state()).isEqualTo("stopped");
    assertThat(stopped.committedRound()).isEqualTo(3);
    train(tinyRun(shards, "train.workers=2"), "watched", new Recorder());
    assertThat(RunStatus.of(run("watched")).state()).isEqualTo("finished");
  }

  private static void takeOver() {
    try {
      var file = new org.apache.hadoop.fs.Path(path("robbed"), "lease/000002.json");
      CommittedFile.write(fs(), file, "{\"id\":\"thief\",\"host\":\"elsewhere\"}");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RunConfig workers() {
    return tinyRun(shards, "train.workers=2", LOG);
  }

  private static PretrainResult train(RunConfig config, String name, Progress progress)
      throws IOException {
    return new PretrainJob(config, path(name), progress).run(spark());
  }

  private static void trainUntil(String fault, String name) {
    RunConfig faulty = tinyRun(shards, "train.workers=2", LOG, fault);
    assertThatThrownBy(() -> train(faulty, name, new Recorder()))
        .as(fault)
        .hasStackTraceContaining("failed as asked, at ");
  }

  private static List<Float> losses(PretrainResult result) {
    return result.rounds().stream().flatMap(round -> round.losses().stream()).toList();
  }

  private static byte[] read(org.apache.hadoop.fs.Path file) throws IOException {
    return CommittedFile.read(fs(), file);
  }

  private static RunDirectory run(String name) throws IOException {
    return RunDirectory.existing(fs(), path(name));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }
}
