package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.RunLengths;

/** Compares shards with COCO's JSON, read by another reader than ours. */
final class TestCoco {
  private TestCoco() {}

  /** All rows of a shard set. */
  static List<ShardRow> rows(FileSystem fs, Path shards, ShardManifest manifest)
      throws IOException {
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

  /** Annotations by the pictures' file names. */
  static Map<String, List<JsonNode>> byPicture(JsonNode json) {
    Map<Long, String> names = new HashMap<>();
    json.get("images").forEach(i -> names.put(i.get("id").asLong(), i.get("file_name").asText()));
    Map<String, List<JsonNode>> annotations = new HashMap<>();
    names.values().forEach(name -> annotations.put(name, new ArrayList<>()));
    json.get("annotations")
        .forEach(a -> annotations.get(names.get(a.get("image_id").asLong())).add(a));
    return annotations;
  }

  /** Asserts that rows have exactly the objects of the JSON. */
  static void assertObjects(List<ShardRow> rows, List<String> classNames, JsonNode json) {
    Map<String, List<JsonNode>> expected = byPicture(json);
    Map<Integer, String> categories = new HashMap<>();
    json.get("categories")
        .forEach(c -> categories.put(c.get("id").asInt(), c.get("name").asText()));
    int objects = 0;
    for (ShardRow row : rows) {
      String name = row.path().substring(row.path().lastIndexOf('/') + 1);
      List<JsonNode> annotations = expected.get(name);
      assertThat(row.objects()).hasSameSizeAs(annotations);
      for (int i = 0; i < annotations.size(); i++) {
        assertSame(row.objects().get(i), annotations.get(i), categories, classNames);
        objects++;
      }
      assertThat(row.label()).isEqualTo(mainObject(row.objects()));
    }
    assertThat(objects).isEqualTo(json.get("annotations").size());
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
      // COCO's JSON has the lengths themselves, which alternate between outside and inside.
      long[] expected =
          Arrays.stream(numbers(segmentation.get("counts"))).mapToLong(n -> (long) n).toArray();
      long[] lengths = RunLengths.lengths(object.rle());
      assertThat(inside(lengths)).isEqualTo(inside(expected)).isPositive();
      assertThat(lengths).isEqualTo(expected);
    }
  }

  /** Pixels of the mask. COCO's stated areas of crowds are others. */
  private static long inside(long[] lengths) {
    long inside = 0;
    for (int i = 1; i < lengths.length; i += 2) {
      inside += lengths[i];
    }
    return inside;
  }

  static double[] numbers(JsonNode array) {
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
      if (object.area() > largest) {
        largest = object.area();
        main = object.category();
      }
    }
    return main;
  }
}
