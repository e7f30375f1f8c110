package org.longmae.jobs.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkExecutorInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.Randomness;
import org.longmae.conf.RunConfig;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.scenes.Scenes;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardException;
import org.longmae.data.source.SourceSettings;
import org.longmae.jobs.TestRuns;

/** What a shard job promises of the folder it writes, whatever happened in it before. */
class ShardResumeTest {
  private static final int PICTURES = 160;
  private static final int[] BROKEN = {3, 77};

  @TempDir static Path folder;
  private static Map<String, byte[]> uninterrupted;

  @TempDir Path out;

  @BeforeAll
  static void makePictures() throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      byte[] jpeg = PictureCodec.jpeg(Scenes.render(new Randomness(1), i, 48, 36).picture(), 90);
      Files.write(folder.resolve("%03d.jpg".formatted(i)), jpeg);
    }
    for (int i : BROKEN) {
      Files.write(folder.resolve("%03d.jpg".formatted(i)), new byte[i]);
    }
    Path whole = Files.createTempDirectory(folder.getParent(), "whole");
    job(whole, config()).run(spark());
    uninterrupted = files(whole);
  }

  @BeforeEach
  void begin() throws IOException {
    assertThat(uninterrupted.keySet())
        .contains("_SUCCESS", "manifest.json", "quarantine.jsonl", "train-00000-of-00004.parquet")
        .hasSize(4 + 1 + 3);
  }

  /** The state that a kill leaves: a part of the shards, attempts, a shard without its result. */
  @Test
  void aKilledJobGoesOnAndEndsInTheSameBytes() throws Exception {
    stopAfter(2);
    assertThat(files(out).keySet()).doesNotContain("_SUCCESS").contains("_progress/origin.json");
    Files.createDirectories(out.resolve("_temporary"));
    Files.write(out.resolve("_temporary/train-00003-of-00004.parquet.dead"), new byte[99]);
    Files.deleteIfExists(out.resolve("_progress/train-00003-of-00004.parquet.json"));
    Files.write(out.resolve("train-00003-of-00004.parquet"), new byte[] {1});
    FileTimes before = FileTimes.of(out);

    BuildShardsResult result = job(out, config()).run(spark());

    assertSame(files(out));
    assertThat(result.reused()).isBetween(1, 4);
    assertThat(before.unchangedIn(out))
        .as("finished shards are not written again")
        .hasSize(result.reused());
  }

  @Test
  void aFinishedSetIsLeftAloneWithoutSpark() throws IOException {
    job(out, config()).run(spark());
    FileTimes before = FileTimes.of(out);
    // As if the last call had been killed behind its commit.
    Files.createDirectories(out.resolve("_progress"));

    BuildShardsResult again = job(out, config()).made(new Configuration()).orElseThrow();

    assertThat(again.madeNow()).isFalse();
    assertThat(again.leftOut()).extracting(Quarantined::reason).hasSize(BROKEN.length);
    assertThat(before.unchangedIn(out)).hasSize(uninterrupted.size());
    assertSame(files(out));
  }

  @Test
  void otherSettingsAreRefusedByName() throws Exception {
    stopAfter(1);
    RunConfig other = config("data.held-out=0.2");
    assertThatThrownBy(() -> job(out, other).run(spark()))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("unfinished shard set must have data.held-out = 0.2 but was made")
        .hasMessageContaining("choose another --out or remove the folder");

    job(out, config()).run(spark());
    assertThatThrownBy(() -> job(out, other).run(spark()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("shard set must have data.held-out = 0.2 but was made with 0.1");
  }

  @Test
  void aSourceThatChangedMeanwhileIsRefused(@TempDir Path pictures) throws Exception {
    for (int i = 0; i < 30; i++) {
      Files.copy(folder.resolve("%03d.jpg".formatted(10 + i)), pictures.resolve(i + ".jpg"));
    }
    Files.write(pictures.resolve("bad.jpg"), new byte[3]);
    RunConfig none = config("data.max-bad-fraction=0");
    assertThatThrownBy(() -> new ShardJob(none, path(pictures), path(out)).run(spark()))
        .isInstanceOf(BadDataException.class);
    Files.delete(pictures.resolve("bad.jpg"));

    assertThatThrownBy(() -> new ShardJob(none, path(pictures), path(out)).run(spark()))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("had 31 pictures when it was begun and has 30");
  }

  @Test
  void aFolderWithOtherThingsIsRefused() throws IOException {
    Files.writeString(out.resolve("thesis.txt"), "two years of work");

    assertThatThrownBy(() -> job(out, config()).run(spark()))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("must be empty or an unfinished shard set but holds thesis.txt");
    assertThat(out.resolve("thesis.txt")).exists();
  }

  /** The limit is known to be passed long before all pictures are read. */
  @Test
  void tooManyBadPicturesStopTheJobEarlyAndAHigherLimitGoesOn(@TempDir Path bad)
      throws IOException {
    for (int i = 0; i < 400; i++) {
      Files.write(bad.resolve("%03d.jpg".formatted(i)), i % 2 == 0 ? new byte[7] : good());
    }
    Path quarantine = out.resolve("quarantine.jsonl");

    assertThatThrownBy(() -> new ShardJob(config(), path(bad), path(out)).run(spark()))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("at most data.max-bad-fraction (0.05 of 400) but were")
        .hasMessageContaining("not a picture: begins with")
        .hasMessageContaining("quarantine.jsonl");
    // Each of the five tasks stops by itself at the latest.
    assertThat(Files.readAllLines(quarantine).size()).isBetween(21, 5 * 21);
    assertThat(files(out).keySet()).noneMatch(name -> name.startsWith("train"));

    RunConfig lenient = config("data.max-bad-fraction=0.5");
    BuildShardsResult result = new ShardJob(lenient, path(bad), path(out)).run(spark());
    assertThat(result.manifest().counts().quarantined()).isEqualTo(200);
    assertThat(Files.readAllLines(quarantine).size()).isEqualTo(200);
  }

  @Test
  void duplicatesAreDroppedButTheFirstByName(@TempDir Path pictures) throws IOException {
    for (int i = 0; i < 40; i++) {
      Files.copy(folder.resolve("%03d.jpg".formatted(10 + i)), pictures.resolve(i + ".jpg"));
    }
    Files.copy(pictures.resolve("7.jpg"), pictures.resolve("0-first.jpg"));
    Files.copy(pictures.resolve("7.jpg"), pictures.resolve("9-last.jpg"));
    byte[] sameLength = Files.readAllBytes(pictures.resolve("8.jpg"));
    sameLength[sameLength.length / 2] ^= 1;
    Files.write(pictures.resolve("8-other.jpg"), sameLength);

    RunConfig drop = config("data.prepare.duplicates=drop", "data.max-bad-fraction=1");
    BuildShardsResult result = new ShardJob(drop, path(pictures), path(out)).run(spark());

    assertThat(result.manifest().counts().duplicates()).isEqualTo(2);
    assertThat(result.leftOut())
        .filteredOn(picture -> picture.reason().startsWith("duplicate"))
        .extracting(picture -> picture.path().replaceFirst(".*/", "") + " " + picture.reason())
        .containsExactly("7.jpg duplicate of 0-first.jpg", "9-last.jpg duplicate of 0-first.jpg");
  }

  /** Ends the job as a kill does for what is on disk, once some shards are in place. */
  private void stopAfter(int shards) {
    ShardProgress stop =
        new ShardProgress() {
          @Override
          public void at(long done, long total, long leftOut) {
            if (done >= shards * total / 8) {
              throw new TestRuns.Killed();
            }
          }

          @Override
          public void end() {}
        };
    RunConfig config = config();
    assertThatThrownBy(
            () ->
                new ShardJob(config, path(folder), SourceSettings.DEFAULT, path(out), stop)
                    .run(spark()))
        .isInstanceOf(TestRuns.Killed.class);
    awaitTasks();
  }

  /**
   * Tasks of a job that was given up still end; files that they rename are not there to look at.
   */
  private static void awaitTasks() {
    for (int wait = 0; wait < 1500 && runningTasks() > 0; wait++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(runningTasks()).isZero();
  }

  private static int runningTasks() {
    return Arrays.stream(spark().sc().statusTracker().getExecutorInfos())
        .mapToInt(SparkExecutorInfo::numRunningTasks)
        .sum();
  }

  private static byte[] good() throws IOException {
    return Files.readAllBytes(folder.resolve("010.jpg"));
  }

  private static void assertSame(Map<String, byte[]> found) {
    assertThat(found.keySet()).isEqualTo(uninterrupted.keySet());
    uninterrupted.forEach(
        (name, bytes) -> assertThat(Arrays.equals(found.get(name), bytes)).as(name).isTrue());
  }

  /** All files, also hidden ones, with their bytes. */
  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        files.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private record FileTimes(Map<String, Long> modified) {
    static FileTimes of(Path root) throws IOException {
      Map<String, Long> modified = new TreeMap<>();
      for (String name : files(root).keySet()) {
        modified.put(name, Files.getLastModifiedTime(root.resolve(name)).toMillis());
      }
      return new FileTimes(modified);
    }

    List<String> unchangedIn(Path root) throws IOException {
      Map<String, Long> now = of(root).modified;
      return modified.keySet().stream()
          .filter(name -> modified.get(name).equals(now.get(name)))
          .toList();
    }
  }

  private static ShardJob job(Path target, RunConfig config) {
    return new ShardJob(config, path(folder), path(target));
  }

  private static RunConfig config(String... settings) {
    ConfigLoader loader = new ConfigLoader();
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader.run();
  }

  private static org.apache.hadoop.fs.Path path(Path local) {
    return new org.apache.hadoop.fs.Path(local.toUri().toString());
  }
}
