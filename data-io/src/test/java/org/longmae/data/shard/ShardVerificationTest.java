package org.longmae.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;

class ShardVerificationTest {
  private static final FileSystem FS = TestPictures.local();

  @TempDir java.nio.file.Path folder;
  private Path shards;
  private ShardFile file;
  private byte[] bytes;

  /** Four files of 65 pictures: one row group each. */
  @BeforeEach
  void makeShards() throws IOException {
    Path root = new Path(folder.toUri());
    shards = new Path(root, "shards");
    file = TestShards.small(FS, root, 260, 0).files().get(1);
    bytes = TestPictures.read(FS, path());
  }

  @Test
  void wholeFileHasNoProblems() {
    assertThat(ShardVerification.problems(FS, shards, file)).isEmpty();
  }

  /** A bit that flipped on a disk: found wherever it lies, and the file is named. */
  @Test
  void aFlippedBitAnywhereIsFound() throws IOException {
    for (int i = 0; i < 40; i++) {
      byte[] damaged = bytes.clone();
      damaged[(int) ((long) (bytes.length - 1) * i / 39)] ^= 4;
      TestPictures.write(FS, path(), damaged);

      assertThat(ShardVerification.problems(FS, shards, file))
          .isNotEmpty()
          .allMatch(problem -> problem.contains(file.name()));
    }
  }

  @Test
  void aFileCutShortAnywhereIsFound() throws IOException {
    for (int i = 0; i < 40; i++) {
      int length = (int) ((long) bytes.length * i / 40);
      TestPictures.write(FS, path(), java.util.Arrays.copyOf(bytes, length));

      assertThat(ShardVerification.problems(FS, shards, file))
          .isNotEmpty()
          .allMatch(problem -> problem.contains(file.name()));
    }
  }

  /** A page's checksum tells where in the file the damage is, which the digest does not. */
  @Test
  void damagedPageNamesItsRowGroup() throws IOException {
    byte[] damaged = bytes.clone();
    damaged[bytes.length / 3] ^= 1;
    TestPictures.write(FS, path(), damaged);

    assertThat(ShardVerification.problems(FS, shards, file))
        .hasSize(2)
        .anyMatch(problem -> problem.contains("digest must be " + file.sha256() + " but was "))
        .anyMatch(problem -> problem.contains("Cannot read row group 0"));
  }

  /** Another file in its place is whole by itself. */
  @Test
  void anotherSetsFileIsFound() throws IOException {
    byte[] other = TestPictures.read(FS, new Path(shards, "train-00002-of-00004.parquet"));
    TestPictures.write(FS, path(), other);

    assertThat(ShardVerification.problems(FS, shards, file))
        .singleElement()
        .asString()
        .contains("digest must be");
  }

  @Test
  void missingFileIsNamed() throws IOException {
    FS.delete(path(), false);

    assertThat(ShardVerification.problems(FS, shards, file))
        .singleElement()
        .asString()
        .contains("Cannot be read")
        .contains(file.name());
  }

  private Path path() {
    return new Path(shards, file.name());
  }
}
