package org.longmae.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.TestRuns;

class LeaseTest {
  private static final Duration LAPSE = Duration.ofSeconds(30);

  @TempDir java.nio.file.Path temp;

  private FileSystem fs;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    fs = TestRuns.fs();
    folder = new Path(temp.resolve("lease").toUri());
  }

  @Test
  void aSecondDriverIsRefusedUntilTheFirstGivesBack() throws IOException {
    try (Lease first = Lease.take(fs, folder, LAPSE)) {
      assertThatThrownBy(() -> Lease.take(fs, folder, LAPSE))
          .isInstanceOf(LeaseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("at 30 s the run is free");
      assertThatCode(first::check).doesNotThrowAnyException();
    }
    try (Lease second = Lease.take(fs, folder, LAPSE)) {
      assertThat(second.number()).isEqualTo(2);
    }
  }

  // A host that is cut off for a while still believes that the run is its own.
  @Test
  void aSilentHolderIsSucceededAndFencedOff() throws IOException {
    Lease silent = Lease.take(fs, folder, Duration.ofDays(1));
    makeItAnotherHosts(1);
    fs.setTimes(new Path(folder, "000001.json"), System.currentTimeMillis() - 29_000, -1);
    assertThatThrownBy(() -> Lease.take(fs, folder, LAPSE)).isInstanceOf(LeaseException.class);
    fs.setTimes(new Path(folder, "000001.json"), System.currentTimeMillis() - 31_000, -1);
    try (Lease successor = Lease.take(fs, folder, LAPSE)) {
      assertThatThrownBy(silent::check)
          .isInstanceOf(LeaseException.class)
          .hasMessageContaining("another one has taken the run: [000002.json]");
      silent.close();
      assertThatCode(successor::check).doesNotThrowAnyException();
    }
  }

  // After kill -9 the same command on the same machine need not wait for the lease to lapse.
  @Test
  void aDeadProcessOfThisHostHoldsNothing() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    LeaseHolder here = LeaseHolder.here();
    write(1, new LeaseHolder("x", here.host(), dead.pid(), 0, "", false));
    Lease.take(fs, folder, LAPSE).close();
    // The number of a process is used again: this one lives, but started at another time.
    write(3, new LeaseHolder("x", here.host(), here.pid(), here.processStart() - 1, "", false));
    Lease.take(fs, folder, LAPSE).close();
  }

  // YARN starts a master that died anew, often on another host: it must not wait for the lease.
  @Test
  void theNextMasterOfAYarnApplicationSucceedsTheOneBefore() throws IOException {
    Lease first = Lease.take(fs, folder, LAPSE);
    makeItAnotherHosts(1);
    System.setProperty("spark.yarn.app.id", "application_2");
    try {
      assertThatThrownBy(() -> Lease.take(fs, folder, LAPSE)).isInstanceOf(LeaseException.class);
      System.setProperty("spark.yarn.app.id", "application_1");
      Lease.take(fs, folder, LAPSE).close();
    } finally {
      System.clearProperty("spark.yarn.app.id");
    }
    assertThatThrownBy(first::check).isInstanceOf(LeaseException.class);
    first.close();
  }

  @Test
  void theHolderGivesSignsOfLife() throws Exception {
    try (Lease lease = Lease.take(fs, folder, Duration.ofMillis(300))) {
      Path file = new Path(folder, String.format("%06d.json", lease.number()));
      long taken = fs.getFileStatus(file).getModificationTime();
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (fs.getFileStatus(file).getModificationTime() == taken) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(10);
      }
    }
  }

  private void makeItAnotherHosts(int number) throws IOException {
    Path file = new Path(folder, String.format("%06d.json", number));
    LeaseHolder holder =
        Json.parse(CommittedFile.readText(fs, file), LeaseHolder.class, file.toString());
    write(number, new LeaseHolder(holder.id(), "elsewhere", 1, 0, "application_1", false));
  }

  private void write(int number, LeaseHolder holder) throws IOException {
    fs.mkdirs(folder);
    Path file = new Path(folder, String.format("%06d.json", number));
    CommittedFile.write(fs, file, Json.pretty(holder));
  }
}
