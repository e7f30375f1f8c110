package org.longmae.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigLoader;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunStatus;

/** A driver in a process of its own: it is the only one of its run, and ends when it is told to. */
class InterruptionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aDriverKeepsOthersOffAndEndsWithItsOwnCodeWhenTold() throws Exception {
    String shards = TestRuns.shards(new org.apache.hadoop.fs.Path(folder.toUri()), 120);
    TestRuns.stopSpark();
    Path conf = folder.resolve("run.conf");
    Files.writeString(conf, ConfigLoader.render(TestRuns.tinyRun(shards, "train.epochs=5000")));
    Path run = folder.resolve("run");
    String[] command = {"pretrain", "--conf", conf.toString(), "--out", run.toString()};
    Process driver = start(command);
    try {
      await(() -> Files.exists(run.resolve("state/round-000001/manifest.json")), driver);
      assertThat(LongMae.run(command)).isEqualTo(5);
      assertThat(status(run).state()).isEqualTo("running");
      driver.destroy();
      assertThat(driver.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(driver.exitValue()).isEqualTo(130);
      // The lease is given back: nobody has to wait until it lapses.
      assertThat(Files.readString(run.resolve("lease/000001.json")))
          .contains("\"released\" : true");
      assertThat(status(run).state()).isEqualTo("stopped");
      assertThat(status(run).committedRound()).isPositive();
    } finally {
      driver.destroyForcibly();
    }
  }

  private Process start(String... command) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-XX"))
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), LongMae.class.getName()));
    line.addAll(List.of(command));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("driver.log").toFile())
        .start();
  }

  private void await(java.util.function.BooleanSupplier done, Process driver) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(driver.isAlive() && System.nanoTime() < deadline)
          .as(() -> log(folder.resolve("driver.log")))
          .isTrue();
      Thread.sleep(20);
    }
  }

  private static String log(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static RunStatus status(Path run) throws IOException {
    return RunStatus.of(
        RunDirectory.existing(TestRuns.fs(), new org.apache.hadoop.fs.Path(run.toUri())));
  }
}
