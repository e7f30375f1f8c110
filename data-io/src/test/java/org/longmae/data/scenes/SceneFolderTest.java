package org.longmae.data.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness;

class SceneFolderTest {
  private static final Randomness RANDOMNESS = new Randomness(7);

  @TempDir java.nio.file.Path folder;

  @Test
  void cocoJsonReadsBack() throws IOException {
    JsonNode json = writeFolder();

    assertThat(json.at("/info/seed").asLong()).isEqualTo(7);
    assertThat(json.at("/licenses/0/name").asText()).startsWith("Apache License 2.0");
    assertThat(json.get("images")).hasSize(5);
    assertThat(json.get("categories")).hasSize(SceneClass.values().length);
    assertThat(json.at("/categories/0/id").asInt()).isEqualTo(1);
    for (JsonNode image : json.get("images")) {
      byte[] jpeg = Files.readAllBytes(folder.resolve("train/" + image.get("file_name").asText()));
      assertThat(jpeg).startsWith(0xFF, 0xD8);
      assertThat(image.get("width").asInt()).isEqualTo(64);
      assertThat(image.get("height").asInt()).isEqualTo(48);
    }
  }

  @Test
  void annotationsAreThoseOfTheRenderedScenes() throws IOException {
    JsonNode annotations = writeFolder().get("annotations");
    int next = 0;
    for (int index = 0; index < 5; index++) {
      for (SceneObject object : Scenes.render(RANDOMNESS, index, 64, 48).objects()) {
        JsonNode annotation = annotations.get(next++);
        assertThat(annotation.get("id").asInt()).isEqualTo(next);
        assertThat(annotation.get("image_id").asInt()).isEqualTo(index + 1);
        assertThat(annotation.get("category_id").asInt())
            .isEqualTo(object.category().ordinal() + 1);
        assertThat(annotation.get("area").asInt()).isEqualTo(object.area());
        assertThat(annotation.get("bbox").toString())
            .isEqualTo(
                "[%d,%d,%d,%d]".formatted(object.x(), object.y(), object.width(), object.height()));
        assertThat(annotation.get("segmentation")).hasSameSizeAs(object.polygons());
        assertThat(annotation.at("/segmentation/0")).hasSize(object.polygons().get(0).length);
      }
    }
    assertThat(annotations).hasSize(next);
  }

  @Test
  void annotationsAreWrittenAsideAndReplaceEarlierOnes() throws IOException {
    writeFolder();
    writeFolder();

    try (var files = Files.list(folder.resolve("annotations"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.endsWith(".crc"))
          .containsExactly("instances_train.json");
    }
  }

  /** Tasks send these records to the driver. */
  @Test
  void picturesTravelByJavaSerialization() throws IOException, ClassNotFoundException {
    List<SceneObject> objects = Scenes.render(RANDOMNESS, 0, 64, 48).objects();
    ScenePicture picture = new ScenePicture(0, 64, 48, objects);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(picture);
    }

    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).usingRecursiveComparison().isEqualTo(picture);
    }
  }

  /** Two tasks; the driver hears of the later one first. */
  private JsonNode writeFolder() throws IOException {
    Path dir = new Path(folder.toUri());
    FileSystem fs = dir.getFileSystem(new Configuration());
    List<ScenePicture> pictures = new ArrayList<>();
    pictures.addAll(SceneFolder.writePictures(fs, dir, RANDOMNESS, 3, 5, 64, 48));
    pictures.addAll(SceneFolder.writePictures(fs, dir, RANDOMNESS, 0, 3, 64, 48));
    SceneFolder.writeAnnotations(fs, dir, pictures, RANDOMNESS);
    return new ObjectMapper().readTree(folder.resolve("annotations/instances_train.json").toFile());
  }
}
