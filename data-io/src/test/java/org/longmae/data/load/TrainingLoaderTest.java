package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.RunConfig;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;

@Timeout(60)
class TrainingLoaderTest {
  private static final FileSystem FS = TestPictures.local();
  private static final int BATCH = 32;
  private static Path root;
  private static ShardManifest manifest;

  /** 620 pictures, of which 558 train in 4 files of two row groups each: 17 steps an epoch. */
  @BeforeAll
  static void makeShards(@TempDir java.nio.file.Path folder) throws IOException {
    root = new Path(folder.toUri());
    manifest = TestShards.small(FS, root, 620, 0.1);
  }

  @Test
  void epochIsWholeBatchesOfDifferentPictures() {
    List<Batch> batches = batches(config(1, 2), 0, 34);

    for (int epoch = 0; epoch < 2; epoch++) {
      Set<Long> ids = new HashSet<>();
      for (Batch batch : batches.subList(17 * epoch, 17 * epoch + 17)) {
        assertThat(batch.size()).isEqualTo(BATCH);
        assertThat(batch.images_BCHW()).hasSize(BATCH * 3 * 16 * 16);
        for (long id : batch.ids()) {
          assertThat(ids.add(id)).isTrue();
          assertThat(id).isBetween(62L, 619L);
        }
      }
      assertThat(ids).hasSize(17 * BATCH);
    }
    assertThat(batches.get(17).ids()).isNotEqualTo(batches.get(0).ids());
  }

  @Test
  void stepsPerEpochLeaveOutTheIncompleteBatch() {
    assertThat(TrainingLoader.stepsPerEpoch(manifest, config(1, 1))).isEqualTo(17);
  }

  /** What resuming at a step rests on; steps in the first, a middle and a later epoch's first. */
  @Test
  void seekingEqualsReadingOn() {
    List<Batch> batches = batches(config(1, 2), 0, 38);

    for (int step : new int[] {0, 1, 9, 16, 17, 34, 36}) {
      assertSame(batches(config(1, 2), step, 2), batches.subList(step, step + 2));
    }
  }

  @Test
  void batchesDoNotDependOnTheNumberOfThreads() {
    assertSame(batches(config(1, 1), 0, 20), batches(config(1, 4), 0, 20));
  }

  // A worker that sees another's pictures, or a step that leaves one out, trains on another epoch
  // than one worker does. 32 pictures do not divide by 3 and 5; steps cross an epoch's end.
  @Test
  void slicesOfAnyNumberOfWorkersAreTheBatch() {
    List<Batch> whole = batches(config(1, 2), 14, 5);
    for (int workers : new int[] {2, 3, 5, 32}) {
      for (int worker = 0; worker < workers; worker++) {
        BatchSlice slice = BatchSlice.of(worker, workers, BATCH);
        List<Batch> parts = slices(slice, 14, 5);
        for (int i = 0; i < parts.size(); i++) {
          assertSame(List.of(parts.get(i)), List.of(part(whole.get(i), slice)));
        }
      }
    }
  }

  private static List<Batch> slices(BatchSlice slice, long step, int count) {
    Path shards = new Path(root, "shards");
    try (TrainingLoader loader =
        TrainingLoader.open(FS, shards, manifest, config(1, 2), step, slice)) {
      List<Batch> batches = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        assertThat(loader.step()).isEqualTo(step + i);
        batches.add(loader.next());
      }
      return batches;
    }
  }

  private static Batch part(Batch batch, BatchSlice slice) {
    int pixels = batch.images_BCHW().length / batch.size();
    return new Batch(
        Arrays.copyOfRange(batch.ids(), slice.from(), slice.to()),
        Arrays.copyOfRange(batch.labels(), slice.from(), slice.to()),
        Arrays.copyOfRange(batch.images_BCHW(), slice.from() * pixels, slice.to() * pixels));
  }

  @Test
  void anotherSeedGivesOtherBatches() {
    assertThat(batches(config(2, 2), 0, 1).get(0).ids())
        .isNotEqualTo(batches(config(1, 2), 0, 1).get(0).ids());
  }

  /** Shards hold pictures as they came: shape and colours are the run's, and change no order. */
  @Test
  void oneShardSetServesImagesOfAnyShape() {
    Batch square = batches(config(1, 2), 0, 1).get(0);
    for (int channels : new int[] {1, 3}) {
      RunConfig config = TestShards.run(1, BATCH, 2, TestShards.image(8, 24, channels));
      Batch wide = batches(config, 0, 1).get(0);

      assertThat(wide.ids()).isEqualTo(square.ids());
      assertThat(wide.images_BCHW()).hasSize(BATCH * channels * 8 * 24);
      assertSame(batches(config, 0, 1), List.of(wide));
    }
  }

  /** A picture is cropped otherwise each time it is visited. */
  @Test
  void cropsDifferFromEpochToEpoch() {
    List<Batch> batches = batches(config(1, 2), 0, 34);
    long id = batches.get(0).ids()[0];
    float[] first = imageOf(batches.subList(0, 1), id);
    float[] later = imageOf(batches.subList(17, 34), id);

    assertThat(later.length == 0 || !Arrays.equals(first, later)).isTrue();
  }

  @Test
  void labelsAreThoseOfTheFolders() {
    for (Batch batch : batches(config(1, 2), 0, 3)) {
      assertThat(batch.labels()).containsOnly(0, 1);
    }
  }

  @Test
  void waitingIsCounted() {
    try (TrainingLoader loader = open(config(1, 1), 0)) {
      loader.next();
      assertThat(loader.waitSeconds()).isPositive();
    }
  }

  @Test
  void batchAboveTheTrainingPicturesIsRefused() {
    RunConfig config = TestShards.run(1, 559, 1);

    assertThatThrownBy(() -> open(config, 0))
        .isInstanceOf(ShardException.class)
        .hasMessage("train.batch (559) must be at most the training pictures (558)");
  }

  @Test
  void errorInAThreadComesOutOfNext(@TempDir java.nio.file.Path folder) throws IOException {
    Path broken = new Path(folder.toUri());
    ShardManifest set = TestShards.small(FS, broken, 120, 0);
    Path shard = new Path(broken, "shards/" + set.files().get(0).name());
    byte[] bytes = TestPictures.read(FS, shard);
    bytes[2000] ^= 1;
    TestPictures.write(FS, shard, bytes);

    try (TrainingLoader loader =
        TrainingLoader.open(FS, new Path(broken, "shards"), set, config(1, 2), 0)) {
      for (int call = 0; call < 2; call++) {
        assertThatThrownBy(loader::next)
            .isInstanceOf(ShardException.class)
            .hasMessageContaining("-of-00004.parquet] Cannot read row group 0");
      }
    }
  }

  @Test
  void closingEndsTheThreads() {
    TrainingLoader loader = open(config(1, 2), 0);
    loader.next();

    loader.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("longmae-"));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                loader.next();
              }
            })
        .hasMessageContaining("the loader is closed");
  }

  /** A driver of days opens a loader a round: whatever one leaves behind adds up. */
  @Test
  void closingInTheMiddleOfReadingLeavesNothingBehind() {
    var system =
        (UnixOperatingSystemMXBean)
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    for (int i = 0; i < 5; i++) {
      open(config(1, 2), i).close();
    }
    long descriptors = system.getOpenFileDescriptorCount();
    long natives = Pointer.totalCount();

    for (int i = 0; i < 40; i++) {
      TrainingLoader loader = open(config(1, 2), i);
      for (int batch = 0; batch < i % 3; batch++) {
        loader.next();
      }
      loader.close();
    }

    assertThat(system.getOpenFileDescriptorCount()).isLessThanOrEqualTo(descriptors + 5);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(natives + 5);
  }

  @Test
  void stepCountsWhatWasHandedOut() {
    try (TrainingLoader loader = open(config(1, 1), 5)) {
      assertThat(loader.step()).isEqualTo(5);
      loader.next();
      assertThat(loader.step()).isEqualTo(6);
    }
  }

  private static float[] imageOf(List<Batch> batches, long id) {
    int length = 3 * 16 * 16;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.ids()[i] == id) {
          return Arrays.copyOfRange(batch.images_BCHW(), i * length, (i + 1) * length);
        }
      }
    }
    return new float[0];
  }

  private static RunConfig config(long seed, int threads) {
    return TestShards.run(seed, BATCH, threads);
  }

  private static TrainingLoader open(RunConfig config, long step) {
    return TrainingLoader.open(FS, new Path(root, "shards"), manifest, config, step);
  }

  private static List<Batch> batches(RunConfig config, long step, int count) {
    try (TrainingLoader loader = open(config, step)) {
      List<Batch> batches = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        batches.add(loader.next());
      }
      return batches;
    }
  }

  private static void assertSame(List<Batch> actual, List<Batch> expected) {
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }
}
