package org.longmae.data.scenes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import org.longmae.conf.Randomness;

/**
 * Writes COCO's instance annotations; the same scenes give the same bytes.
 *
 * @see <a href="https://cocodataset.org/#format-data">COCO: data format</a>
 */
final class CocoWriter {
  private static final int LICENSE = 1;

  private final JsonGenerator json;

  private CocoWriter(JsonGenerator json) {
    this.json = json;
  }

  static void write(OutputStream out, List<ScenePicture> pictures, Randomness randomness)
      throws IOException {
    List<ScenePicture> ordered =
        pictures.stream().sorted(Comparator.comparingLong(ScenePicture::index)).toList();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      CocoWriter writer = new CocoWriter(json);
      json.writeStartObject();
      writer.info(ordered.size(), randomness);
      writer.licenses();
      writer.images(ordered);
      writer.annotations(ordered);
      writer.categories();
      json.writeEndObject();
    }
  }

  private void info(int pictures, Randomness randomness) throws IOException {
    json.writeObjectFieldStart("info");
    json.writeStringField("description", "Synthetic scenes rendered by LongMAE");
    json.writeStringField("version", "1");
    json.writeNumberField("year", 2026);
    json.writeStringField("contributor", "LongMAE");
    json.writeNumberField("seed", randomness.seed());
    json.writeNumberField("pictures", pictures);
    json.writeNumberField("jpeg_quality", SceneFolder.JPEG_QUALITY);
    json.writeNumberField("min_area", Scenes.MIN_AREA);
    json.writeEndObject();
  }

  private void licenses() throws IOException {
    json.writeArrayFieldStart("licenses");
    json.writeStartObject();
    json.writeNumberField("id", LICENSE);
    json.writeStringField("name", "Apache License 2.0 (generated pictures)");
    json.writeStringField("url", "https://www.apache.org/licenses/LICENSE-2.0");
    json.writeEndObject();
    json.writeEndArray();
  }

  private void images(List<ScenePicture> pictures) throws IOException {
    json.writeArrayFieldStart("images");
    for (ScenePicture picture : pictures) {
      json.writeStartObject();
      json.writeNumberField("id", picture.imageId());
      json.writeStringField("file_name", picture.fileName());
      json.writeNumberField("width", picture.width());
      json.writeNumberField("height", picture.height());
      json.writeNumberField("license", LICENSE);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void annotations(List<ScenePicture> pictures) throws IOException {
    long id = 1;
    json.writeArrayFieldStart("annotations");
    for (ScenePicture picture : pictures) {
      for (SceneObject object : picture.objects()) {
        annotation(id++, picture.imageId(), object);
      }
    }
    json.writeEndArray();
  }

  private void annotation(long id, long imageId, SceneObject object) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", id);
    json.writeNumberField("image_id", imageId);
    json.writeNumberField("category_id", object.category().categoryId());
    json.writeNumberField("area", object.area());
    json.writeNumberField("iscrowd", 0);
    int[] box = {object.x(), object.y(), object.width(), object.height()};
    json.writeFieldName("bbox");
    json.writeArray(box, 0, box.length);
    json.writeArrayFieldStart("segmentation");
    for (int[] polygon : object.polygons()) {
      json.writeArray(polygon, 0, polygon.length);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void categories() throws IOException {
    json.writeArrayFieldStart("categories");
    for (SceneClass category : SceneClass.values()) {
      json.writeStartObject();
      json.writeNumberField("id", category.categoryId());
      json.writeStringField("name", category.label());
      json.writeStringField("supercategory", category.group());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
