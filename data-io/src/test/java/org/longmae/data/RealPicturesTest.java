package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.RunLengths;

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
    Map<String, List<JsonNode>> expected = byPicture(json);
    Map<Integer, String> categories = new HashMap<>();
    json.get("categories")
        .forEach(c -> categories.put(c.get("id").asInt(), c.get("name").asText()));

    int objects = 0;
    for (ShardRow row : rows(shards, manifest)) {
      List<JsonNode> annotations = expected.get(row.path().replace("train2017/", ""));
      assertThat(row.objects()).hasSameSizeAs(annotations);
      for (int i = 0; i < annotations.size(); i++) {
        assertSame(row.objects().get(i), annotations.get(i), categories, manifest.classNames());
        objects++;
      }
      assertThat(row.label()).isEqualTo(mainObject(row.objects()));
    }
    assertThat(objects).isEqualTo(json.get("annotations").size());
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
    for (ShardRow row : rows(shards, manifest)) {
      assertThat(row.path()).startsWith(manifest.classNames().get(row.label()) + "/");
      assertThat(TestPictures.read(fs, new Path(data("imagenet-sample"), row.path())))
          .isEqualTo(row.image());
    }
  }

  private static Path data(String name) {
    return new Path(System.getenv("LONGMAE_TEST_DATA"), name);
  }

  private List<ShardRow> rows(Path shards, ShardManifest manifest) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    for (ShardFile file : manifest.files()) {
      try (ShardReader reader = ShardReader.open(fs, new Path(shards, file.name()))) {
        for (int i = 0; i < reader.rowGroups(); i++) {
          rows.addAll(reader.rowGroup(i));
        }
      }
    }
    return rows;
  }

  private static Map<String, List<JsonNode>> byPicture(JsonNode json) {
    Map<Long, String> names = new HashMap<>();
    json.get("images").forEach(i -> names.put(i.get("id").asLong(), i.get("file_name").asText()));
    Map<String, List<JsonNode>> annotations = new HashMap<>();
    names.values().forEach(name -> annotations.put(name, new ArrayList<>()));
    json.get("annotations")
        .forEach(a -> annotations.get(names.get(a.get("image_id").asLong())).add(a));
    return annotations;
  }

  private static void assertSame(
      ObjectAnnotation object,
      JsonNode json,
      Map<Integer, String> categories,
      List<String> classNames) {
    assertThat(classNames.get(object.category()))
        .isEqualTo(categories.get(json.get("category_id").asInt()));
    assertThat(new double[] {object.x(), object.y(), object.width(), object.height()})
        .isEqualTo(numbers(json.get("bbox")));
    assertThat(object.area()).isEqualTo(json.get("area").asDouble());
    assertThat(object.crowd()).isEqualTo(json.get("iscrowd").asInt() == 1);
    JsonNode segmentation = json.get("segmentation");
    if (segmentation.isArray()) {
      assertThat(object.polygons()).hasSize(segmentation.size());
      for (int i = 0; i < segmentation.size(); i++) {
        assertThat(object.polygons().get(i)).isEqualTo(numbers(segmentation.get(i)));
      }
    } else {
      double[] lengths = numbers(segmentation.get("counts"));
      assertThat(RunLengths.lengths(object.rle()))
          .isEqualTo(Arrays.stream(lengths).mapToLong(n -> (long) n).toArray());
    }
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asDouble();
    }
    return numbers;
  }

  private static int mainObject(List<ObjectAnnotation> objects) {
    int main = -1;
    double largest = -1;
    for (ObjectAnnotation object : objects) {
      if (object.area() >= largest) {
        largest = object.area();
        main = object.category();
      }
    }
    return main;
  }
}
