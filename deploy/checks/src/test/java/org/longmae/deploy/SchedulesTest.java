package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulesTest {
  private static final Path SCHEDULES = Path.of("schedules");
  private static final int HELD = 75;

  @TempDir Path folder;

  @Test
  void theDagIsAsDrawn() throws Exception {
    assumeTrue(Commands.isThere("python3"), "needs python3");
    Commands.Result result =
        Commands.run("python3", "-m", "unittest", "checks/src/test/python/test_longmae_weekly.py");
    assertThat(result.code()).as(result.errors()).isZero();
    assertThat(result.errors()).contains("Ran 8 tests");
  }

  @Test
  void systemdTakesItsUnits() throws Exception {
    assumeTrue(Commands.isThere("systemd-analyze"), "needs systemd-analyze");
    Path units = SCHEDULES.resolve("systemd");
    Commands.Result result =
        Commands.run(
            "systemd-analyze",
            "verify",
            units.resolve("longmae-nightly.service").toString(),
            units.resolve("longmae-nightly.timer").toString());
    assertThat(result.code()).as(result.errors()).isZero();
    assertThat(result.errors()).isEmpty();
  }

  // A night that takes longer than a day; a person who starts it by hand beside the timer.
  @Test
  void theCronLineTwiceStartedRunsOnce() throws Exception {
    String line =
        line(SCHEDULES.resolve("cron/longmae-nightly"), "^30 2 \\* \\* \\* longmae (.*)$");
    startsTwiceRunsOnce(line);
  }

  @Test
  void theServicesCommandTwiceStartedRunsOnce() throws Exception {
    Path unit = SCHEDULES.resolve("systemd/longmae-nightly.service");
    startsTwiceRunsOnce(line(unit, "^ExecStart=(.*)$"));
    assertThat(line(unit, "^(SuccessExitStatus=75)$")).isNotEmpty();
  }

  /** Runs a schedule's own command line, its lock, its log and its launcher laid elsewhere. */
  private void startsTwiceRunsOnce(String line) throws IOException, InterruptedException {
    Path launcher = folder.resolve("longmae");
    Path calls = folder.resolve("calls");
    Files.writeString(launcher, "#!/bin/sh\necho \"$*\" >>" + calls + "\nsleep 1\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    String command =
        line.replaceAll("/\\S+\\.lock", folder.resolve("lock").toString())
            .replaceAll("/\\S+/longmae ", launcher + " ")
            .replaceAll(">>\\S+\\.log", ">>" + folder.resolve("log"));
    assertThat(command).contains("flock").contains(launcher.toString());
    Process first = start(command);
    while (!Files.exists(calls)) {
      assertThat(first.isAlive()).isTrue();
      Thread.sleep(20);
    }
    assertThat(code(start(command))).isEqualTo(HELD);
    assertThat(code(first)).isZero();
    assertThat(Files.readAllLines(calls))
        .containsExactly("shard --each-folder --images /in --out /out" + master(line));
    // The night after, the lock is free.
    assertThat(code(start(command))).isZero();
    assertThat(Files.readAllLines(calls)).hasSize(2);
  }

  private static String master(String line) {
    return line.contains("--master") ? " --master local[2]" : "";
  }

  private static Process start(String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-c", command)).inheritIO();
    builder.environment().put("IMAGES", "/in");
    builder.environment().put("OUT", "/out");
    builder.environment().put("MASTER", "local[2]");
    return builder.start();
  }

  private static int code(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String line(Path file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(file));
    assertThat(matcher.find()).as("%s has %s", file, pattern).isTrue();
    return matcher.group(1);
  }
}
