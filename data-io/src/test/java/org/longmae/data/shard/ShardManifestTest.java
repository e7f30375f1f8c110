package org.longmae.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;

class ShardManifestTest {
  private final FileSystem fs = TestPictures.local();
  private Path shards;
  private ShardManifest manifest;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path folder) throws IOException {
    shards = new Path(new Path(folder.toUri()), "shards");
    manifest =
        ShardManifest.of(
            new ShardOrigin("1.0", "hdfs://there/coco", new TreeMap<>(Map.of("seed", "7"))),
            List.of("cat", "größe"),
            List.of(
                new ShardResult(
                    new ShardFile("train-1", "train", List.of(100, 3), 10, 5, "b1"), List.of(), 2),
                new ShardResult(
                    new ShardFile("train-0", "train", List.of(7), 3, 5, "b0"),
                    List.of(new Quarantined("file:/x.jpg", "empty file", "e3b0")),
                    1)),
            4,
            0);
    for (ShardFile file : manifest.files()) {
      TestPictures.write(fs, new Path(shards, file.name()), new byte[5]);
    }
    manifest.write(fs, shards);
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    ShardManifest read = ShardManifest.read(fs, shards);

    assertThat(read).isEqualTo(manifest);
    assertThat(read.files()).extracting(ShardFile::name).containsExactly("train-0", "train-1");
    assertThat(read.rows("train")).isEqualTo(110);
    assertThat(read.rows("validation")).isZero();
    assertThat(read.counts()).isEqualTo(new ShardCounts(115, 110, 3, 1, 4, 10));
  }

  @Test
  void writingRemovesWhatUnfinishedAttemptsLeft() throws IOException {
    TestPictures.write(fs, new Path(shards, "_temporary/train-0.1234"), new byte[3]);

    manifest.write(fs, shards);

    assertThat(fs.exists(new Path(shards, "_temporary"))).isFalse();
    assertThat(ShardManifest.read(fs, shards)).isEqualTo(manifest);
  }

  @Test
  void setThatIsNotThereIsRefused() {
    assertRefused(new Path(shards, "none"), "none] folder of shards does not exist");
    assertRefused(shards.getParent(), "is no shard set: manifest.json is missing");
  }

  @Test
  void withdrawnSetIsRefused() throws IOException {
    ShardManifest.withdraw(fs, shards);

    assertRefused(shards, "shard set is not finished: _SUCCESS is missing");
  }

  @Test
  void tornManifestIsRefused() throws IOException {
    Path file = new Path(shards, "manifest.json");
    byte[] whole = TestPictures.read(fs, file);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 3}) {
      TestPictures.write(fs, file, Arrays.copyOf(whole, length));

      assertRefused(shards, "manifest.json]");
    }
  }

  /** Zeros at a file's start look like UTF-32, which Jackson complains of in its own way. */
  @Test
  void manifestThatBeginsWithZerosIsRefused() throws IOException {
    Path file = new Path(shards, "manifest.json");
    byte[] bytes = TestPictures.read(fs, file);
    Arrays.fill(bytes, 0, 3, (byte) 0);
    TestPictures.write(fs, file, bytes);

    assertRefused(shards, "manifest.json] is torn or no manifest");
  }

  @Test
  void manifestOfAnotherVersionIsRefused() throws IOException {
    replace("\"version\" : 2", "\"version\" : 1");

    assertRefused(shards, "manifest.json] version must be 2 but was 1");
  }

  @Test
  void manifestThatWasEditedIsRefused() throws IOException {
    replace("\"b1\"", "\"b2\"");

    assertRefused(shards, "is damaged: its digest must be");
  }

  @Test
  void missingShardIsNamed() throws IOException {
    fs.delete(new Path(shards, "train-1"), false);

    assertRefused(shards, "shards/train-1] shard is missing");
  }

  @Test
  void shardOfAnotherLengthIsNamed() throws IOException {
    TestPictures.write(fs, new Path(shards, "train-1"), new byte[4]);

    assertRefused(shards, "shards/train-1] shard must have 5 bytes but had 4");
  }

  private void replace(String text, String by) throws IOException {
    Path file = new Path(shards, "manifest.json");
    String json = new String(TestPictures.read(fs, file), StandardCharsets.UTF_8);
    assertThat(json).contains(text);
    TestPictures.write(fs, file, json.replace(text, by).getBytes(StandardCharsets.UTF_8));
  }

  private void assertRefused(Path directory, String message) {
    assertThatThrownBy(() -> ShardManifest.read(fs, directory))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining(message);
  }
}
