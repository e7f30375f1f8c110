package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ImageConfig;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;
import org.longmae.data.shard.ShardManifest;

class EvaluationLoaderTest {
  private static final FileSystem FS = TestPictures.local();
  private static Path shards;
  private static ShardManifest manifest;

  @BeforeAll
  static void makeShards(@TempDir java.nio.file.Path folder) throws IOException {
    Path root = new Path(folder.toUri());
    shards = new Path(root, "shards");
    manifest = TestShards.small(FS, root, 250, 0.2);
  }

  @Test
  void everyPictureComesOnceInOrder() {
    List<Batch> batches = batches("validation", 16, 1000);

    assertThat(batches).extracting(Batch::size).containsExactly(16, 16, 16, 2);
    assertThat(ids(batches)).containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
  }

  @Test
  void limitIsKept() {
    assertThat(ids(batches("train", 30, 45)))
        .containsExactlyElementsOf(LongStream.range(50, 95).boxed().toList());
    assertThat(batches("train", 30, 0)).isEmpty();
  }

  @Test
  void splitWithoutPicturesGivesNoBatch() {
    assertThat(batches("test", 30, 45)).isEmpty();
  }

  @Test
  void readingTwiceGivesTheSame() {
    assertThat(batches("train", 30, 45))
        .usingRecursiveComparison()
        .isEqualTo(batches("train", 30, 45));
  }

  /**
   * Red grows to the right by 255 over the picture's width and green downwards: rows and columns
   * exchanged, or a picture squeezed instead of cut, give other differences.
   */
  @Test
  void rectangularImagesAreCutNotSqueezed() {
    Batch wide = batches("validation", 1, 1, TestShards.image(8, 24, 3)).get(0);

    // Pictures have 24 to 28 columns and 20 to 22 rows; all columns and a third as many rows stay.
    assertThat(level(wide, 0, 7 * 24 + 23, 8 * 24) - level(wide, 0, 7 * 24, 8 * 24))
        .isBetween(225.0, 250.0);
    assertThat(level(wide, 1, 7 * 24 + 5, 8 * 24) - level(wide, 1, 5, 8 * 24))
        .isBetween(75.0, 110.0);
    Batch tall = batches("validation", 1, 1, TestShards.image(24, 8, 3)).get(0);
    assertThat(level(tall, 0, 7, 8 * 24) - level(tall, 0, 0, 8 * 24)).isBetween(45.0, 80.0);
    assertThat(level(tall, 1, 23 * 8, 8 * 24) - level(tall, 1, 0, 8 * 24)).isBetween(220.0, 250.0);
  }

  @Test
  void greyImagesAreTheLumaOfColouredOnes() {
    Batch colour = batches("validation", 1, 1, TestShards.image(16, 16, 3)).get(0);
    Batch grey = batches("validation", 1, 1, TestShards.image(16, 16, 1)).get(0);

    assertThat(grey.images_BCHW()).hasSize(16 * 16);
    for (int i = 0; i < 16 * 16; i++) {
      double luma =
          0.299 * level(colour, 0, i, 16 * 16)
              + 0.587 * level(colour, 1, i, 16 * 16)
              + 0.114 * level(colour, 2, i, 16 * 16);
      // Roundings of the decoder and of two resizes.
      assertThat(level(grey, 0, i, 16 * 16)).isCloseTo(luma, within(3.0));
    }
  }

  /** A pixel of a batch of one image, back from normalised to 0…255. */
  private static double level(Batch batch, int channel, int pixel, int plane) {
    ImageConfig image = TestShards.image();
    float value = batch.images_BCHW()[channel * plane + pixel];
    return 255 * (value * image.std().get(channel) + image.mean().get(channel));
  }

  private static List<Long> ids(List<Batch> batches) {
    return batches.stream().flatMap(batch -> LongStream.of(batch.ids()).boxed()).toList();
  }

  private static List<Batch> batches(String split, int batch, int limit) {
    return batches(split, batch, limit, TestShards.image());
  }

  private static List<Batch> batches(String split, int batch, int limit, ImageConfig image) {
    try (EvaluationLoader loader =
        EvaluationLoader.open(FS, shards, manifest, split, image, batch, limit)) {
      List<Batch> batches = new ArrayList<>();
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        batches.add(next.get());
      }
      return batches;
    }
  }
}
