package org.longmae.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.data.archive.TestArchives.text;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.data.TestPictures;
import org.longmae.data.archive.StoredFile;

/** Annotation files that are wrong, hostile or large. */
class AnnotationsTest {
  private static final String IMAGES = "\"images\": [{\"id\": 5, \"file_name\": \"a.jpg\"}]";
  private static final String CATEGORIES = "\"categories\": [{\"id\": 1, \"name\": \"cat\"}]";
  private static final String OBJECT =
      "{\"id\": 8, \"image_id\": 5, \"category_id\": 1, \"bbox\": [0, 0, 1, 1], \"area\": 1,"
          + " \"iscrowd\": 0, \"segmentation\": [[0, 0, 1, 0, 1, 1]]}";

  private final FileSystem fs = TestPictures.local();
  private java.nio.file.Path folder;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path directory) throws IOException {
    folder = directory;
    TestPictures.write(fs, path("coco/val/a.jpg"), new byte[3]);
  }

  static Stream<Arguments> wrong() {
    String nested = "[".repeat(10_000) + "]".repeat(10_000);
    return Stream.of(
        wrong(coco(OBJECT.replace("\"id\": 8, ", "")), "annotations[0]: must have \"id\""),
        wrong(
            coco(OBJECT.replace("\"image_id\": 5, ", "")),
            "annotations[0] id 8: must have \"image_id\""),
        wrong(coco(OBJECT.replace("_id\": 5", "_id\": 6")), "image_id 6 must be the id of one of"),
        wrong(coco(OBJECT.replace("_id\": 1", "_id\": 2")), "category_id 2 must be the id of one"),
        wrong(
            coco(OBJECT)
                .replace(IMAGES, IMAGES.replace("]", ", {\"id\": 5, \"file_name\": \"\"}]")),
            "images[1] id 5: image id must be unique"),
        wrong(
            coco(OBJECT)
                .replace(IMAGES, IMAGES.replace("]", ", {\"id\": 6, \"file_name\": \"a.jpg\"}]")),
            "file_name must be unique but a.jpg is there twice"),
        wrong(
            coco(OBJECT.replace("\"area\": 1", "\"area\": NaN")),
            "line 1, byte 138, \"area\": is not COCO's"),
        wrong(
            coco(OBJECT.replace("\"area\": 1", "\"area\": 1e999")),
            "id 8, \"area\": must be a finite number"),
        wrong(coco(OBJECT.replace("\"area\": 1", "\"area\": \"1\"")), "\"area\": must be a number"),
        wrong(coco(OBJECT.replace("[0, 0, 1, 1]", "[0, 0, 1]")), "must have 4 numbers but has 3"),
        wrong(coco(OBJECT.replace("[0, 0, 1, 1]", "[0, 0, null, 1]")), "must be a number"),
        wrong(coco(OBJECT.replace("[[0, 0, 1, 0, 1, 1]]", nested)), "is not COCO's JSON: Depth"),
        wrong(
            coco(OBJECT.replace("[[0, 0, 1, 0, 1, 1]]", "{\"counts\": [3, -1]}")),
            "must be lengths of runs"),
        wrong(
            coco(OBJECT.replace("[[0, 0, 1, 0, 1, 1]]", "{\"counts\": \"X\"}")),
            "not a run-length mask"),
        wrong(
            "{\"info\": " + nested + ", " + coco(OBJECT).substring(1), "is not COCO's JSON: Depth"),
        wrong(coco(OBJECT).substring(0, 150), "is not COCO's JSON"),
        wrong("[]", "must hold a JSON object"),
        wrong("", "must hold a JSON object"),
        wrong("{" + IMAGES + "}", "must have \"categories\""),
        wrong(coco(OBJECT).replace("\"id\": 5", "\"id\": \"5\""), "must be a whole number"));
  }

  private static Arguments wrong(String json, String message) {
    return Arguments.of(json, message);
  }

  private static String coco(String annotations) {
    return "{" + IMAGES + ", \"annotations\": [" + annotations + "], " + CATEGORIES + "}";
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void wrongAnnotationsAreNamedByTheirPlace(String json, String message) throws IOException {
    TestPictures.write(fs, path("coco/annotations/instances_val.json"), text(json));

    assertThatThrownBy(() -> list("coco"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("instances_val.json")
        .hasMessageContaining(message);
  }

  /** Ids are compared within a picture, so that memory does not grow with the file. */
  @Test
  void anObjectThatIsThereTwiceIsNamed() throws IOException {
    TestPictures.write(
        fs, path("coco/annotations/instances_val.json"), text(coco(OBJECT + ", " + OBJECT)));

    assertThatThrownBy(() -> list("coco"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("val/a.jpg] annotation ids must be unique")
        .hasMessageContaining("two objects of id 8");
  }

  @Test
  void theRightFileBesideTheWrongOnesIsRead() throws IOException {
    TestPictures.write(fs, path("coco/annotations/instances_val.json"), text(coco(OBJECT)));

    assertThat(list("coco").entries().get(0).label()).isZero();
  }

  /** Runs must be merged by picture and, within one, in the order of the source. */
  @Test
  void sortingInRunsEqualsSortingInMemory() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    List<List<ObjectAnnotation>> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      expected.add(new ArrayList<>());
    }
    List<SourceFile> pictures = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String name = String.format(Locale.ROOT, "%02d.jpg", i);
      pictures.add(new SourceFile(name, name, new StoredFile.Whole(name, 1)));
    }
    Workspace work = new Workspace(fs, path("work"));
    AnnotationFile file;
    try (AnnotationSorter sorter = new AnnotationSorter(work, pictures, 1000)) {
      for (int i = 0; i < 500; i++) {
        // The last pictures have none.
        int picture = random.nextInt(40);
        ObjectAnnotation object =
            new ObjectAnnotation(
                i, 0, 0, 1, 1, random.nextInt(100), false, List.of(new double[] {i, 1}), "");
        sorter.add(picture, AnnotationCodec.object(i, object));
        expected.get(picture).add(object);
      }
      file = sorter.finish();
      assertThat(fs.listStatus(path("work")).length).isGreaterThan(20);
    }
    assertThat(fs.listStatus(path("work")))
        .extracting(f -> f.getPath().getName())
        .containsExactly("annotations");

    SourceListing listing =
        file.listing(
            new FileTree(path("x"), pictures, List.of(), java.util.Set.of(), List.of()), List.of());
    try (SourceReader reader = new SourceReader(fs.getConf())) {
      for (int i = 0; i < 50; i++) {
        SourceEntry entry = listing.entries().get(i);
        assertThat(reader.annotations(entry, 1, 1).objects())
            .usingRecursiveComparison()
            .isEqualTo(expected.get(i));
        assertThat(entry.label()).isEqualTo(mainCategory(expected.get(i)));
      }
    }
  }

  private static int mainCategory(List<ObjectAnnotation> objects) {
    ObjectAnnotation main = null;
    for (ObjectAnnotation object : objects) {
      if (main == null || object.area() > main.area()) {
        main = object;
      }
    }
    return main == null ? -1 : main.category();
  }

  /**
   * A JVM whose memory is smaller than the files: 96 MiB for annotations of 150 MiB. The sorter's
   * buffer takes up to 48 of them.
   */
  @Test
  void memoryDoesNotGrowWithTheAnnotations() throws Exception {
    for (int i = 0; i < 9; i++) {
      Files.write(folder.resolve("coco/val/" + i + ".jpg"), new byte[3]);
    }
    writeLarge(folder.resolve("coco/annotations/instances_val.json"), 150 << 20);
    Process process =
        new ProcessBuilder(
                java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                ListInLittleMemory.class.getName(),
                path("coco").toString(),
                path("work").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(folder.resolve("log"));
    assertThat(process.exitValue()).as(log).isZero();
    assertThat(log).contains("pictures 10, annotations of the last one 1");
    assertThat(Files.size(folder.resolve("work/annotations"))).isGreaterThan(100 << 20);
  }

  /** What the little JVM does. */
  static final class ListInLittleMemory {
    private ListInLittleMemory() {}

    /** Lists a source. */
    public static void main(String[] args) throws IOException {
      FileSystem fs = TestPictures.local();
      SourceListing listing =
          PictureSource.at(fs, new Path(args[0]), SourceSettings.DEFAULT)
              .list(new Workspace(fs, new Path(args[1])));
      SourceEntry last = listing.entries().get(listing.entries().size() - 1);
      try (SourceReader reader = new SourceReader(fs.getConf())) {
        System.out.printf(
            "pictures %d, annotations of the last one %d%n",
            listing.entries().size(), reader.annotations(last, 1, 1).objects().size());
      }
    }
  }

  /** Nearly all objects are in one picture, and one is in the last. */
  private static void writeLarge(java.nio.file.Path file, long bytes) throws IOException {
    Files.createDirectories(file.getParent());
    String polygon = "1.25, 2.5, 3.75, 4.5, ".repeat(250) + "1, 2";
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"annotations\": [");
      long written = 0;
      for (int id = 0; written < bytes; id++) {
        String object =
            OBJECT
                .replace("\"id\": 8", "\"id\": " + id)
                .replace("[[0, 0, 1, 0, 1, 1]]", "[[" + polygon + "]]");
        out.write(object + ",\n");
        written += object.length();
      }
      out.write(
          OBJECT.replace("\"id\": 8", "\"id\": -8").replace("image_id\": 5", "image_id\": 6"));
      out.write(
          "], \"images\": [{\"id\": 6, \"file_name\": \"a.jpg\"}, {\"id\": 5, \"file_name\": \"0.jpg\"}], ");
      out.write(CATEGORIES + "}");
    }
  }

  private SourceListing list(String name) throws IOException {
    return PictureSource.at(fs, path(name), SourceSettings.DEFAULT)
        .list(new Workspace(fs, path("work")));
  }

  private Path path(String name) {
    return new Path(new Path(folder.toUri()), name);
  }
}
