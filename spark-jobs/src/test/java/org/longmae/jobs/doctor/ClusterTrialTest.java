package org.longmae.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.TestRuns;

class ClusterTrialTest {
  @TempDir Path folder;

  private ClusterTrial trial(Path run) throws IOException {
    RunConfig config = new ConfigLoader().run();
    return ClusterTrial.of(
        TestRuns.spark(),
        config.compute(),
        Optional.of(new org.apache.hadoop.fs.Path(run.toUri())));
  }

  @Test
  void anExecutorTellsOfItself() throws IOException {
    Path run = folder.resolve("not/there");
    ClusterTrial trial = trial(run);
    assertThat(trial.healths()).hasSize(1);
    ExecutorHealth health = trial.healths().get(0);
    assertThat(health.compute()).startsWith("aten/");
    assertThat(health.obstacle() + health.codecObstacle() + health.folderObstacle()).isEmpty();
    assertThat(health.gflopsPerSecond()).isPositive();
    assertThat(health.build()).isEqualTo(trial.driverBuild());
    assertThat(health.clockMillis())
        .isCloseTo(trial.finishedMillis().get(health.task()), within(5000L));
    assertThat(health.freeBytes()).isBetween(1L, health.memoryBytes());
    assertThat(folder).as("left as it was").isEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(trial(file.resolve("run")).folderObstacle()).contains(file + "/run");
  }

  @Test
  void executorsMustSeeWhatTheDriverWrote() {
    assertThat(ProbedFolder.obstacle(new org.apache.hadoop.conf.Configuration(), uri(), "1"))
        .contains("does not see");
  }

  private String uri() {
    return folder.toUri().toString();
  }
}
