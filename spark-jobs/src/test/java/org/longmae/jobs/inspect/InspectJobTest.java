package org.longmae.jobs.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.jobs.TestRuns;

class InspectJobTest {
  private static final int PICTURES = 130;

  @TempDir static Path folder;
  private static org.apache.hadoop.fs.Path shards;

  @BeforeAll
  static void makeShards() throws IOException {
    TestRuns.shards(new org.apache.hadoop.fs.Path(folder.toUri()), PICTURES);
    shards = new org.apache.hadoop.fs.Path(folder.resolve("shards").toUri());
  }

  /** Held to a plain walk over all rows, pictures decoded: tasks and sums must lose nothing. */
  @Test
  void countsAreThoseOfTheRows() throws Exception {
    long objects = 0;
    long annotated = 0;
    double[] sums = new double[3];
    long pixels = 0;
    Map<Integer, Long> labels = new HashMap<>();
    FileSystem fs = TestRuns.fs();
    for (ShardFile file : ShardManifest.read(fs, shards).files()) {
      try (ShardReader reader =
          ShardReader.open(fs, new org.apache.hadoop.fs.Path(shards, file.name()))) {
        for (ShardRow row : reader.rowGroup(0)) {
          objects += row.objects().size();
          annotated += row.objects().isEmpty() ? 0 : 1;
          labels.merge(row.label(), 1L, Long::sum);
          byte[] rgb = PictureCodec.decode(row.image()).rgb();
          for (int i = 0; i < rgb.length; i++) {
            sums[i % 3] += (rgb[i] & 0xff) / 255.0;
          }
          pixels += rgb.length / 3;
        }
      }
    }

    InspectResult result = new InspectJob(shards, true, PICTURES * 10).run(spark());

    ShardSummary summary = result.summary();
    assertThat(summary.pictures()).isEqualTo(PICTURES);
    assertThat(result.splits()).isEqualTo(Map.of("train", 117, "validation", 13));
    assertThat(summary.labels()).isEqualTo(labels);
    assertThat(summary.annotated()).isEqualTo(annotated);
    assertThat(summary.objects().count()).isEqualTo(objects).isGreaterThan(PICTURES);
    assertThat(summary.widths().bins()).isEqualTo(Map.of(64, (long) PICTURES));
    assertThat(summary.heights().bins()).isEqualTo(Map.of(48, (long) PICTURES));
    assertThat(summary.pixels().pictures()).isEqualTo(PICTURES);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(summary.pixels().mean().get(channel))
          .isCloseTo(sums[channel] / pixels, within(1e-9));
    }
    assertThat(summary.problems()).isEmpty();
  }

  @Test
  void onlySoManyPicturesAreDecoded() throws IOException {
    // A share of each file, rounded up.
    assertThat(new InspectJob(shards, false, 10).run(spark()).summary().pixels().pictures())
        .isBetween(10L, 15L);
    assertThat(new InspectJob(shards, false, 0).run(spark()).summary().pixels().mean()).isEmpty();
  }

  @Test
  void damageIsNamedAndTheRestCounted(@TempDir Path copy) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("shards"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path damaged = copy.resolve("train-00002-of-00004.parquet");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    InspectResult result =
        new InspectJob(new org.apache.hadoop.fs.Path(copy.toUri()), true, PICTURES).run(spark());

    assertThat(result.summary().problems())
        .isNotEmpty()
        .allMatch(problem -> problem.contains("train-00002-of-00004.parquet"));
    assertThat(result.summary().pictures()).isBetween(100L, 101L);
  }

  @Test
  void sheetShowsAnnotatedPictures() throws Exception {
    FileSystem fs = TestRuns.fs();
    Picture sheet =
        PictureCodec.decode(ContactSheet.png(fs, shards, ShardManifest.read(fs, shards), 8));

    // Two rows of six cells; scenes of 64x48 fill a cell of 256x192.
    assertThat(sheet.width()).isEqualTo(6 * 256 + 5 * 6);
    assertThat(sheet.height()).isEqualTo(2 * 192 + 6);
  }

  /** The deviation of half black, half white is a half; that of the sample would be more. */
  @Test
  void deviationIsThatOfThePixels() {
    PixelStatistics statistics =
        PixelStatistics.of(new Picture(2, 1, new byte[] {0, 0, 0, -1, -1, -1}))
            .plus(PixelStatistics.of(new Picture(1, 2, new byte[] {-1, -1, -1, 0, 0, 0})));

    assertThat(statistics.mean()).containsExactly(0.5, 0.5, 0.5);
    assertThat(statistics.std()).allMatch(std -> Math.abs(std - 0.5) < 1e-12);
  }

  @Test
  void binsBeginAtPowersOfTwoAndHalfWay() {
    int bin = 1;
    for (int side = 1; side < 5000; side++) {
      if (side == Sizes.next(bin)) {
        bin = side;
      }
      assertThat(Sizes.of(side).bins()).isEqualTo(Map.of(bin, 1L));
    }
    assertThat(bin).isEqualTo(4096);
  }
}
