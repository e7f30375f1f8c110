package org.longmae.data.load;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static List<Long> ids(List<Batch> batches) {
    return batches.stream().flatMap(batch -> LongStream.of(batch.ids()).boxed()).toList();
  }

  private static List<Batch> batches(String split, int batch, int limit) {
    try (EvaluationLoader loader =
        EvaluationLoader.open(FS, shards, manifest, split, TestShards.image(), batch, limit)) {
      List<Batch> batches = new ArrayList<>();
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        batches.add(next.get());
      }
      return batches;
    }
  }
}
