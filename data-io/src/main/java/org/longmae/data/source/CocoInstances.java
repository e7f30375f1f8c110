package org.longmae.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What one {@code instances_*.json} says. Read as a stream, one annotation in memory at a time as
 * JSON: COCO's own file for training has half a gigabyte.
 *
 * @param categories names by id
 * @param objects by the picture's file name; pictures without objects have an empty list; {@code
 *     category} is still COCO's id, not an index
 */
record CocoInstances(Map<Integer, String> categories, Map<String, List<ObjectAnnotation>> objects) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Called with each element of an array. */
  private interface Element {
    void read(JsonNode node);
  }

  /**
   * Reads a file.
   *
   * @throws SourceException if it is not COCO's JSON
   */
  static CocoInstances read(FileSystem fs, Path file) throws IOException {
    try (InputStream in = fs.open(file);
        JsonParser json = JSON.createParser(in)) {
      return new Reader(file).read(json);
    } catch (JsonProcessingException e) {
      throw new SourceException(
          "[%s] is not COCO's JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** Collects while the file is read; the arrays may come in any order. */
  private static final class Reader {
    private final Path file;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Integer, String> categories = new HashMap<>();
    private final Map<Long, List<ObjectAnnotation>> objects = new HashMap<>();

    Reader(Path file) {
      this.file = file;
    }

    CocoInstances read(JsonParser json) throws IOException {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new SourceException("[" + file + "] must hold a JSON object but does not");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "images" ->
              elements(
                  json,
                  node -> names.put(need(node, "id").asLong(), need(node, "file_name").asText()));
          case "categories" ->
              elements(
                  json,
                  node -> categories.put(need(node, "id").asInt(), need(node, "name").asText()));
          case "annotations" ->
              elements(
                  json,
                  node ->
                      objects
                          .computeIfAbsent(need(node, "image_id").asLong(), id -> new ArrayList<>())
                          .add(annotation(node)));
          default -> json.skipChildren();
        }
      }
      Map<String, List<ObjectAnnotation>> byName = new HashMap<>();
      names.forEach((id, name) -> byName.put(name, objects.getOrDefault(id, List.of())));
      return new CocoInstances(categories, byName);
    }

    private void elements(JsonParser json, Element element) throws IOException {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        element.read(JSON.readTree(json));
      }
    }

    private ObjectAnnotation annotation(JsonNode node) {
      JsonNode box = need(node, "bbox");
      if (box.size() != 4) {
        throw new SourceException("[%s] bbox must have 4 numbers but was %s".formatted(file, box));
      }
      return new ObjectAnnotation(
          need(node, "category_id").asInt(),
          box.get(0).doubleValue(),
          box.get(1).doubleValue(),
          box.get(2).doubleValue(),
          box.get(3).doubleValue(),
          need(node, "area").doubleValue(),
          node.path("iscrowd").asInt() != 0,
          polygons(node.path("segmentation")),
          rle(node.path("segmentation").path("counts")));
    }

    private JsonNode need(JsonNode node, String field) {
      JsonNode value = node.get(field);
      if (value == null) {
        throw new SourceException(
            "[%s] must have \"%s\" in each element but %s has none"
                .formatted(file, field, shortened(node)));
      }
      return value;
    }

    private static List<double[]> polygons(JsonNode segmentation) {
      List<double[]> polygons = new ArrayList<>();
      if (segmentation.isArray()) {
        segmentation.forEach(polygon -> polygons.add(numbers(polygon)));
      }
      return polygons;
    }

    private static double[] numbers(JsonNode array) {
      double[] numbers = new double[array.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = array.get(i).doubleValue();
      }
      return numbers;
    }

    private static String rle(JsonNode counts) {
      if (!counts.isArray()) {
        return counts.asText("");
      }
      long[] lengths = new long[counts.size()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = counts.get(i).longValue();
      }
      return RunLengths.compress(lengths);
    }

    private static String shortened(JsonNode node) {
      String text = node.toString();
      return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
  }
}
