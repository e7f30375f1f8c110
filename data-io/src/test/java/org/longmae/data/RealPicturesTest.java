package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardRow;

/**
 * Photographs as users have them. They may not be given on, so they are not in the project: {@code
 * coco-mini} has COCO's layout (annotations/instances_train2017.json, train2017), {@code
 * imagenet-sample} is a folder of synsets.
 */
@EnabledIfEnvironmentVariable(
    named = "LONGMAE_TEST_DATA",
    matches = ".+",
    disabledReason =
        "needs LONGMAE_TEST_DATA, a folder with coco-mini (COCO's layout) and imagenet-sample"
            + " (a folder of synsets)")
class RealPicturesTest {
  private final FileSystem fs = TestPictures.local();

  @Test
  void cocosBoxesAndMasksReadBackEqualTheJson(@TempDir java.nio.file.Path folder)
      throws IOException {
    Path source = data("coco-mini");
    Path shards = new Path(folder.toUri());
    ShardManifest manifest = TestShards.build(fs, source, shards, 0.1);
    JsonNode json =
        new ObjectMapper()
            .readTree(
                TestPictures.read(fs, new Path(source, "annotations/instances_train2017.json")));
    TestCoco.assertObjects(TestCoco.rows(fs, shards, manifest), manifest.classNames(), json);
    assertThat(manifest.counts().quarantined()).isZero();
  }

  @Test
  void everyImageNetPictureIsDecodedAndStored(@TempDir java.nio.file.Path folder)
      throws IOException {
    Path shards = new Path(folder.toUri());

    ShardManifest manifest = TestShards.build(fs, data("imagenet-sample"), shards, 0.1);

    assertThat(manifest.counts().quarantined()).isZero();
    assertThat(manifest.rows("validation")).isEqualTo(60);
    assertThat(manifest.rows("train")).isEqualTo(540);
    assertThat(manifest.classNames()).hasSize(600);
    for (ShardRow row : TestCoco.rows(fs, shards, manifest)) {
      assertThat(row.path()).startsWith(manifest.classNames().get(row.label()) + "/");
      assertThat(TestPictures.read(fs, new Path(data("imagenet-sample"), row.path())))
          .isEqualTo(row.image());
    }
  }

  private static Path data(String name) {
    return new Path(System.getenv("LONGMAE_TEST_DATA"), name);
  }
}
