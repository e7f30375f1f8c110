package org.longmae.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;

/**
 * Shards and manifests with bytes that nobody wrote: each is read, or refused by an {@link
 * IOException} or a {@link ShardException} that names it, within a second; never by an error of
 * another kind. {@code -Dlongmae.fuzz-seconds=600} goes on for that long.
 */
class ShardFuzzTest {
  private static final FileSystem FS = TestPictures.local();
  private static final int SECONDS = Integer.getInteger("longmae.fuzz-seconds", 2);
  private static final int LEAST_TRIES = 50;
  private static final double SLOWEST_SECONDS = 1;

  private Path shards;
  private Path file;

  @BeforeEach
  void makeShards(@TempDir java.nio.file.Path folder) throws IOException {
    Path root = new Path(folder.toUri());
    shards = new Path(root, "shards");
    file = new Path(shards, TestShards.small(FS, root, 130, 0).files().get(0).name());
    for (Path made : List.of(file, new Path(shards, "manifest.json"))) {
      // Hadoop's own checksums would refuse all of them.
      Files.delete(folder.resolve("shards/." + made.getName() + ".crc"));
    }
  }

  @Test
  void damagedShardsAreReadOrRefused() throws IOException {
    // Metadata at a file's end steers the reader, so it is damaged more often.
    fuzz(
        file,
        TestPictures.read(FS, file),
        () -> {
          try (ShardReader reader = ShardReader.open(FS, file)) {
            for (int i = 0; i < reader.rowGroups(); i++) {
              reader.rowGroup(i);
            }
          }
        });
  }

  @Test
  void damagedManifestsAreReadOrRefused() throws IOException {
    Path manifest = new Path(shards, "manifest.json");
    fuzz(manifest, TestPictures.read(FS, manifest), () -> ShardManifest.read(FS, shards));
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static void fuzz(Path file, byte[] whole, Reading reading) throws IOException {
    Random random = new Random(17);
    int refused = 0;
    int tries = 0;
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (tries < LEAST_TRIES || System.nanoTime() < end) {
      byte[] damaged = damage(whole, random);
      TestPictures.writeFast(FS, file, damaged);
      long start = processorNanos();
      try {
        reading.run();
      } catch (IOException | ShardException e) {
        refused++;
        assertThat(e).hasMessageContaining(file.getParent().getName());
      } catch (RuntimeException | Error e) {
        throw new AssertionError("try " + tries + " of " + file.getName(), e);
      }
      assertThat((processorNanos() - start) * 1e-9)
          .as("seconds of try %d", tries)
          .isLessThan(SLOWEST_SECONDS);
      tries++;
    }
    assertThat(refused).isGreaterThan(tries / 2);
  }

  /** Of this thread: other work on the machine does not count. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static byte[] damage(byte[] whole, Random random) {
    int from = random.nextInt(3) == 0 ? 0 : Math.max(0, whole.length - 4000);
    int place = from + random.nextInt(whole.length - from);
    int run = Math.min(1 << random.nextInt(6), whole.length - place);
    byte[] damaged = whole.clone();
    switch (random.nextInt(5)) {
      case 0:
        damaged[place] ^= (byte) (1 << random.nextInt(8));
        return damaged;
      case 1:
        Arrays.fill(damaged, place, place + run, (byte) (random.nextBoolean() ? 0 : 0xff));
        return damaged;
      case 2:
        for (int i = place; i < place + run; i++) {
          damaged[i] = (byte) random.nextInt(256);
        }
        return damaged;
      case 3:
        System.arraycopy(whole, place + run, damaged, place, whole.length - place - run);
        return Arrays.copyOf(damaged, whole.length - run);
      default:
        return Arrays.copyOf(damaged, place);
    }
  }
}
