package org.longmae.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;
import org.longmae.data.archive.StoredFile;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.PictureAnnotations;
import org.longmae.data.source.RunLengths;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.TestAnnotations;

class ShardBuilderTest {
  private final FileSystem fs = TestPictures.local();
  private Path root;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path folder) {
    root = new Path(folder.toUri());
  }

  @Test
  void rowsComeBackAsTheyWereWithTheirAnnotations() throws IOException {
    List<ObjectAnnotation> objects =
        List.of(
            new ObjectAnnotation(
                3,
                1.5,
                2.25,
                10,
                11,
                55.5,
                false,
                List.of(new double[] {1, 2, 3, 4, 5, 6.125}, new double[] {7, 8, 9, 10, 11, 12}),
                ""),
            new ObjectAnnotation(0, 0, 0, 24, 20, 480, true, List.of(), "`03l5"),
            new ObjectAnnotation(1, 3, 4, 5, 6, 30, false, List.of(), ""));
    PlannedPicture annotated = planned(5, "a.jpg", TestPictures.jpeg(0), 3, objects);
    PlannedPicture plain = planned(6, "b.jpg", TestPictures.jpeg(1), -1, List.of());

    ShardResult result = build(annotated, plain);

    assertThat(result.quarantined()).isEmpty();
    try (ShardReader reader = ShardReader.open(fs, shard())) {
      List<ShardRow> rows = reader.rowGroup(0);
      assertThat(rows)
          .usingRecursiveComparison()
          .isEqualTo(
              List.of(
                  new ShardRow(
                      5,
                      TestPictures.jpeg(0),
                      "a.jpg",
                      3,
                      24,
                      20,
                      Digests.sha256(TestPictures.jpeg(0)),
                      new PictureAnnotations(objects, List.of(), List.of())),
                  new ShardRow(
                      6,
                      TestPictures.jpeg(1),
                      "b.jpg",
                      -1,
                      25,
                      21,
                      Digests.sha256(TestPictures.jpeg(1)),
                      PictureAnnotations.NONE)));
    }
    try (ShardReader reader = ShardReader.openWithoutObjects(fs, shard())) {
      assertThat(reader.rowGroup(0)).extracting(ShardRow::objects).containsOnly(List.of());
    }
  }

  /** The rows that the result promises for each row group must be what Parquet has made. */
  @Test
  void rowGroupsHaveAHundredRows() throws IOException {
    PlannedPicture[] pictures = new PlannedPicture[230];
    byte[] jpeg = TestPictures.jpeg(0);
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = planned(i, i + ".jpg", jpeg, 0, List.of());
    }

    ShardResult result = build(pictures);

    assertThat(result.file().rowGroups()).containsExactly(100, 100, 30);
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(shard(), fs.getConf()))) {
      assertThat(file.getRowGroups())
          .extracting(BlockMetaData::getRowCount)
          .containsExactly(100L, 100L, 30L);
    }
    try (ShardReader reader = ShardReader.open(fs, shard())) {
      assertThat(reader.rowGroups()).isEqualTo(3);
      assertThat(reader.rowGroup(2)).extracting(ShardRow::id).startsWith(200L).endsWith(229L);
    }
  }

  @Test
  void buildingTwiceGivesTheSameBytes() throws IOException {
    PlannedPicture[] pictures = {
      planned(0, "a.jpg", TestPictures.jpeg(0), 0, List.of()),
      planned(1, "b.jpg", TestPictures.jpeg(1), 1, List.of())
    };
    ShardResult first = build(pictures);
    byte[] firstBytes = TestPictures.read(fs, shard());
    fs.delete(new Path(root, "shards"), true);

    ShardResult second = build(pictures);

    assertThat(second).isEqualTo(first);
    assertThat(TestPictures.read(fs, shard())).isEqualTo(firstBytes);
    assertThat(first.file().sha256()).isEqualTo(Digests.sha256(firstBytes));
    assertThat(first.file().bytes()).isEqualTo(firstBytes.length);
  }

  /** Two processes list encodings in two orders, one process always in one: so by hand. */
  @Test
  void anotherOrderOfEncodingsGivesTheSameBytes() throws IOException {
    build(planned(0, "a.jpg", TestPictures.jpeg(0), 0, List.of()));
    byte[] file = TestPictures.read(fs, shard());
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = file.length - 8 - bytes.getInt(file.length - 8);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(file, start, file.length - start));
    int turned = 0;
    for (ColumnChunk column : metadata.getRow_groups().get(0).getColumns()) {
      Collections.reverse(column.getMeta_data().getEncodings());
      turned += column.getMeta_data().getEncodings().size() > 1 ? 1 : 0;
    }
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    other.write(file, 0, start);
    Util.writeFileMetaData(metadata, other);
    other.write(file, file.length - 8, 8);

    assertThat(turned).isPositive();
    assertThat(other.toByteArray()).isNotEqualTo(file);
    assertThat(Footer.canonical(other.toByteArray())).isEqualTo(file);
  }

  @Test
  void brokenPicturesAreQuarantinedWithTheirTrueReason() throws IOException {
    byte[] jpeg = TestPictures.jpeg(0);
    PlannedPicture gone = planned(5, "gone.jpg", jpeg, 0, List.of());
    PlannedPicture[] pictures = {
      planned(0, "good.jpg", jpeg, 0, List.of()),
      planned(1, "empty.jpg", new byte[0], 0, List.of()),
      planned(2, "torn.jpg", Arrays.copyOf(jpeg, jpeg.length / 2), 0, List.of()),
      planned(3, "text.jpg", "no picture".getBytes(StandardCharsets.UTF_8), 0, List.of()),
      planned(4, "alsogood.jpg", jpeg, 0, List.of()),
      gone
    };
    fs.delete(new Path(gone.entry().path()), false);

    ShardResult result = build(pictures);

    assertThat(result.quarantined())
        .extracting(Quarantined::reason)
        .satisfiesExactly(
            reason -> assertThat(reason).isEqualTo("empty file"),
            reason -> assertThat(reason).startsWith("truncated JPEG: no end-of-image marker in"),
            reason -> assertThat(reason).startsWith("not a picture: begins with \"no pictu\""),
            reason -> assertThat(reason).isEqualTo("file is not there any more"));
    assertThat(result.quarantined().get(0).sha256()).isEqualTo(Digests.sha256(new byte[0]));
    assertThat(result.quarantined().get(1).path()).isEqualTo(pictures[2].entry().path());
    try (ShardReader reader = ShardReader.open(fs, shard())) {
      assertThat(reader.rowGroup(0)).extracting(ShardRow::id).containsExactly(0L, 4L);
    }
  }

  @Test
  void shardOfBrokenPicturesAloneIsEmpty() throws IOException {
    ShardResult result = build(planned(0, "empty.jpg", new byte[0], 0, List.of()));

    assertThat(result.file().rowGroups()).isEmpty();
    try (ShardReader reader = ShardReader.open(fs, shard())) {
      assertThat(reader.rowGroups()).isZero();
    }
  }

  /** The byte is changed through the file system, so that only Parquet's checksum can tell. */
  @Test
  void damagedPageIsDetected() throws IOException {
    byte[] jpeg = TestPictures.jpeg(0);
    build(planned(0, "a.jpg", jpeg, 0, List.of()));
    byte[] file = TestPictures.read(fs, shard());
    file[indexOf(file, jpeg) + jpeg.length / 2] ^= 1;
    TestPictures.write(fs, shard(), file);

    try (ShardReader reader = ShardReader.open(fs, shard())) {
      assertThatThrownBy(() -> reader.rowGroup(0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("train-00000-of-00001.parquet] Cannot read row group 0")
          .hasMessageContaining("CRC");
    }
  }

  /** A torn shard must be told, wherever it was torn; a short epoch would not be noticed. */
  @Test
  void shardThatEndsEarlyIsDetectedWhereverItEnds() throws IOException {
    PlannedPicture[] pictures = new PlannedPicture[120];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = planned(i, i + ".jpg", TestPictures.jpeg(i), 0, List.of());
    }
    build(pictures);
    byte[] whole = TestPictures.read(fs, shard());
    TreeSet<Integer> ends = new TreeSet<>(List.of(0, 1, 3, 4, 5, whole.length - 1));
    for (int i = 1; i < 64; i++) {
      ends.add((int) ((long) whole.length * i / 64));
    }
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(shard(), fs.getConf()))) {
      for (BlockMetaData group : file.getRowGroups()) {
        ends.add((int) group.getStartingPos());
        group.getColumns().forEach(c -> ends.add((int) (c.getStartingPos() + c.getTotalSize())));
      }
    }
    // The footer, its length, the closing magic.
    ends.addAll(List.of(whole.length - 4, whole.length - 8));

    for (int end : ends) {
      TestPictures.write(fs, shard(), Arrays.copyOf(whole, end));

      assertThatThrownBy(
              () -> {
                try (ShardReader reader = ShardReader.open(fs, shard())) {
                  for (int i = 0; i < reader.rowGroups(); i++) {
                    reader.rowGroup(i);
                  }
                }
              })
          .as("%d of %d bytes", end, whole.length)
          .isInstanceOf(IOException.class);
    }
  }

  /** Speculation: two attempts at a time, one slow. Readers may already have the faster one's. */
  @Test
  void theFirstOfTwoAttemptsGivesTheFile() throws IOException {
    PlannedPicture[] pictures = {
      planned(0, "a.jpg", TestPictures.jpeg(0), 0, List.of()),
      planned(1, "b.jpg", TestPictures.jpeg(1), 1, List.of())
    };
    ShardPlan plan = new ShardPlan("train-00000-of-00001.parquet", "train", 0, List.of(pictures));
    List<ShardOutcome> faster = new ArrayList<>();
    BuildWatch overtaken =
        new BuildWatch() {
          @Override
          public void stored(long bytes, boolean encodedAgain) {
            if (faster.isEmpty()) {
              try {
                faster.add(build(pictures));
                fs.setTimes(shard(), 1_000_000, -1);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }

          @Override
          public void leftOut() {}

          @Override
          public boolean isStopped() {
            return false;
          }
        };

    ShardOutcome slower =
        ShardBuilder.build(fs, new Path(root, "shards"), plan, TestShards.data(), 2, overtaken);

    assertThat(faster).containsExactly(slower);
    assertThat(fs.getFileStatus(shard()).getModificationTime()).isEqualTo(1_000_000);
    assertThat(fs.listStatus(new Path(root, "shards/_temporary"))).isEmpty();
  }

  @Test
  void annotationsShrinkWithTheirPicture() throws IOException {
    // A mask over the left half of 48×36 pixels, column by column: nothing outside before it.
    String leftHalf = RunLengths.compress(new long[] {0, 24 * 36, 24 * 36});
    ObjectAnnotation crowd = new ObjectAnnotation(1, 0, 0, 24, 36, 864, true, List.of(), leftHalf);
    ObjectAnnotation outlined =
        new ObjectAnnotation(
            2, 12, 6, 24, 30, 360, false, List.of(new double[] {12, 6, 36, 6, 36, 36}), "");
    byte[] jpeg = PictureCodec.jpeg(TestPictures.gradient(48, 36, 1), 90);
    PlannedPicture planned = planned(0, "a.jpg", jpeg, 0, List.of(crowd, outlined));
    ShardPlan plan = new ShardPlan("train-00000-of-00001.parquet", "train", 0, List.of(planned));

    ShardBuilder.build(
        fs,
        new Path(root, "shards"),
        plan,
        TestShards.data("data.prepare.shrink=longest", "data.prepare.shrink-to=16"),
        0,
        BuildWatch.NONE);

    try (ShardReader reader = ShardReader.open(fs, shard())) {
      ShardRow row = reader.rowGroup(0).get(0);
      assertThat(List.of(row.width(), row.height())).containsExactly(16, 12);
      assertThat(RunLengths.lengths(row.objects().get(0).rle())).containsExactly(0, 8 * 12, 8 * 12);
      assertThat(row.objects().get(0).area()).isCloseTo(96, within(1e-9));
      ObjectAnnotation small = row.objects().get(1);
      assertThat(new double[] {small.x(), small.y(), small.width(), small.height()})
          .containsExactly(new double[] {4, 2, 8, 10}, within(1e-9));
      assertThat(small.polygons().get(0))
          .containsExactly(new double[] {4, 2, 12, 2, 12, 12}, within(1e-9));
    }
  }

  @Test
  void fileThatIsNoShardIsRefused() throws IOException {
    TestPictures.write(fs, shard(), "no parquet here".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> ShardReader.open(fs, shard()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no Parquet file");
  }

  private Path shard() {
    return new Path(root, "shards/train-00000-of-00001.parquet");
  }

  private ShardResult build(PlannedPicture... pictures) throws IOException {
    ShardPlan plan = new ShardPlan("train-00000-of-00001.parquet", "train", 0, List.of(pictures));
    return (ShardResult)
        ShardBuilder.build(
            fs,
            new Path(root, "shards"),
            plan,
            TestShards.data(),
            pictures.length,
            BuildWatch.NONE);
  }

  private PlannedPicture planned(
      long id, String name, byte[] bytes, int label, List<ObjectAnnotation> objects)
      throws IOException {
    Path path = new Path(root, "source/" + name);
    TestPictures.write(fs, path, bytes);
    StoredFile.Whole file = new StoredFile.Whole(path.toString(), bytes.length);
    Path annotations = new Path(root, "annotations/" + id);
    return new PlannedPicture(
        id,
        new SourceEntry(
            file.path(), name, file, label, TestAnnotations.write(fs, annotations, objects)));
  }

  private static int indexOf(byte[] file, byte[] part) {
    for (int i = 0; i + part.length <= file.length; i++) {
      if (Arrays.equals(file, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("the picture is not in the shard as it was");
  }
}
