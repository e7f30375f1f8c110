package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.Randomness;
import org.longmae.data.archive.ArchiveLimits;
import org.longmae.data.archive.TestArchives;
import org.longmae.data.scenes.SceneFolder;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.SourceFormat;
import org.longmae.data.source.SourceSettings;

/**
 * Every layout, from HDFS to shards on HDFS. What is made of photographs is left out where there
 * are none: {@code LONGMAE_TEST_DATA} names a folder with {@code coco-mini}, {@code
 * imagenet-sample} and {@code cifar10.tar.gz}.
 */
class SourcesOnHdfsTest {
  private static final FileSystem LOCAL = TestPictures.local();
  private static MiniDFSCluster cluster;
  private static FileSystem fs;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(3).build();
    cluster.waitActive();
    fs = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.shutdown();
    }
  }

  /** Small blocks, so that entries lie across their borders. */
  @Test
  void scenesAsFolderTarAndZipGiveTheSameShards() throws IOException {
    Path folder = new Path("/scenes/folder");
    Randomness randomness = new Randomness(5);
    var pictures = SceneFolder.writePictures(fs, folder, randomness, 0, 30, 64, 48);
    SceneFolder.writeAnnotations(fs, folder, pictures, randomness);
    Map<String, byte[]> files = files(fs, folder);
    writeInSmallBlocks(new Path("/scenes/all.tar"), TestArchives.tar(files));
    writeInSmallBlocks(new Path("/scenes/all.zip"), TestArchives.zip(files));
    writeInSmallBlocks(new Path("/scenes/all.tgz"), TestArchives.gzip(TestArchives.tar(files)));

    Path expectedShards = new Path("/scenes/shards");
    ShardManifest expected = TestShards.build(fs, folder, expectedShards, 0.1);

    assertThat(expected.counts().quarantined()).isZero();
    assertThat(expected.rows("train")).isEqualTo(27);
    TestCoco.assertObjects(
        TestCoco.rows(fs, expectedShards, expected),
        expected.classNames(),
        json(fs, SceneFolder.annotations(folder)));
    for (String archive : List.of("all.tar", "all.zip", "all.tgz")) {
      ShardManifest made =
          TestShards.build(
              fs, new Path("/scenes", archive), new Path("/scenes/shards-" + archive), 0.1);
      assertThat(made.digest()).as(archive).isEqualTo(expected.digest());
      assertThat(fs.exists(new Path("/scenes/shards-" + archive + "/_progress"))).isFalse();
    }
  }

  @Test
  void everyObjectOfCocoReadsBackFromZips() throws IOException {
    Path source = data("coco-mini");
    TestPictures.write(
        fs,
        new Path("/coco/train2017.zip"),
        TestArchives.zip(prefixed("train2017/", files(LOCAL, new Path(source, "train2017")))));
    TestPictures.write(
        fs,
        new Path("/coco/annotations_trainval2017.zip"),
        TestArchives.zip(prefixed("annotations/", files(LOCAL, new Path(source, "annotations")))));
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.AUTO, List.of("train2017"), "", true, true, ArchiveLimits.DEFAULT);

    Path shards = new Path("/coco-shards");
    ShardManifest manifest = TestShards.build(fs, new Path("/coco"), settings, shards, 0.1);

    assertThat(manifest.counts().quarantined()).isZero();
    List<ShardRow> rows = TestCoco.rows(fs, shards, manifest);
    assertThat(rows).hasSize(80);
    JsonNode instances = cocoJson("instances");
    TestCoco.assertObjects(rows, manifest.classNames(), instances);
    assertCaptions(rows);
    assertKeypoints(rows);
    for (ShardRow row : rows) {
      assertThat(row.image()).isEqualTo(TestPictures.read(LOCAL, new Path(source, row.path())));
    }
  }

  @Test
  void imageNetsTarOfTarsEqualsItsFolders() throws IOException {
    Path source = data("imagenet-sample");
    Map<String, byte[]> tars = new TreeMap<>();
    for (FileStatus synset : LOCAL.listStatus(source)) {
      if (synset.isDirectory()) {
        tars.put(
            synset.getPath().getName() + ".tar", TestArchives.tar(files(LOCAL, synset.getPath())));
      }
    }
    TestPictures.write(fs, new Path("/imagenet/train.tar"), TestArchives.tar(tars));

    Path shards = new Path("/imagenet-shards");
    ShardManifest manifest = TestShards.build(fs, new Path("/imagenet/train.tar"), shards, 0.1);

    assertThat(manifest.counts().quarantined()).isZero();
    assertThat(manifest.classNames()).hasSize(600);
    List<ShardRow> rows = TestCoco.rows(fs, shards, manifest);
    assertThat(rows).hasSize(600);
    for (ShardRow row : rows) {
      assertThat(row.path()).startsWith(manifest.classNames().get(row.label()) + "/");
      assertThat(row.image()).isEqualTo(TestPictures.read(LOCAL, new Path(source, row.path())));
    }
  }

  /** COCO's boxes as Open Images states them: shares of the sides, classes by code. */
  @Test
  void openImagesBoxesAreThoseOfCoco() throws IOException {
    Path source = data("coco-mini");
    JsonNode json = cocoJson("instances");
    Map<Long, JsonNode> images = new HashMap<>();
    json.get("images").forEach(image -> images.put(image.get("id").asLong(), image));
    StringBuilder classes = new StringBuilder();
    json.get("categories")
        .forEach(c -> classes.append("/m/%s,%s%n".formatted(c.get("id"), c.get("name").asText())));
    StringBuilder boxes =
        new StringBuilder("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsGroupOf\n");
    for (JsonNode a : json.get("annotations")) {
      JsonNode image = images.get(a.get("image_id").asLong());
      double[] box = TestCoco.numbers(a.get("bbox"));
      double width = image.get("width").asDouble();
      double height = image.get("height").asDouble();
      boxes.append(
          "%s,xclick,/m/%s,1,%s,%s,%s,%s,%s%n"
              .formatted(
                  image.get("file_name").asText().replace(".jpg", ""),
                  a.get("category_id"),
                  box[0] / width,
                  Math.min(1, (box[0] + box[2]) / width),
                  box[1] / height,
                  Math.min(1, (box[1] + box[3]) / height),
                  a.get("iscrowd")));
    }
    Path root = new Path("/open-images");
    TestPictures.write(
        fs,
        new Path(root, "train_0.tar.gz"),
        TestArchives.gzip(
            TestArchives.tar(prefixed("train_0/", files(LOCAL, new Path(source, "train2017"))))));
    TestPictures.write(
        fs,
        new Path(root, "class-descriptions-boxable.csv"),
        TestArchives.text(classes.toString()));
    TestPictures.write(
        fs, new Path(root, "train-annotations-bbox.csv"), TestArchives.text(boxes.toString()));

    Path shards = new Path("/open-images-shards");
    ShardManifest manifest = TestShards.build(fs, root, shards, 0.1);

    Map<String, List<JsonNode>> expected = TestCoco.byPicture(json);
    int objects = 0;
    for (ShardRow row : TestCoco.rows(fs, shards, manifest)) {
      List<JsonNode> annotations = expected.get(row.path().replace("train_0/", ""));
      assertThat(row.objects()).hasSameSizeAs(annotations);
      for (int i = 0; i < annotations.size(); i++) {
        ObjectAnnotation object = row.objects().get(i);
        double[] box = TestCoco.numbers(annotations.get(i).get("bbox"));
        // COCO's boxes are rounded to 0.01 pixels and may reach beyond the picture by that.
        assertThat(new double[] {object.x(), object.y(), object.width(), object.height()})
            .containsExactly(box, within(0.02));
        assertThat(object.area()).isEqualTo(object.width() * object.height(), within(1e-6));
        assertThat(object.crowd()).isEqualTo(annotations.get(i).get("iscrowd").asInt() == 1);
        objects++;
      }
    }
    assertThat(objects).isEqualTo(json.get("annotations").size());
    assertThat(manifest.classNames()).hasSize(80).startsWith("person");
  }

  /** All 60,000 are unpacked and listed, two classes become shards. */
  @Test
  void cifarsArchiveBecomesShards() throws IOException {
    Path archive = new Path("/cifar10.tar.gz");
    TestPictures.write(fs, archive, TestPictures.read(LOCAL, data("cifar10.tar.gz")));
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.FOLDER,
            List.of("cifar10/test/cat", "cifar10/test/dog"),
            "",
            false,
            false,
            ArchiveLimits.DEFAULT);

    Path shards = new Path("/cifar-shards");
    ShardManifest manifest = TestShards.build(fs, archive, settings, shards, 0.1);

    assertThat(manifest.counts().quarantined()).isZero();
    assertThat(manifest.rows("train")).isEqualTo(1800);
    assertThat(manifest.classNames()).containsExactly("cat", "dog");
    Map<Integer, Integer> counts = new HashMap<>();
    for (ShardRow row : TestCoco.rows(fs, shards, manifest)) {
      assertThat(row.path()).contains("/" + manifest.classNames().get(row.label()) + "/");
      assertThat(row.width()).isEqualTo(32);
      counts.merge(row.label(), 1, Integer::sum);
    }
    assertThat(counts.values()).containsOnly(1000);
  }

  private static void assertCaptions(List<ShardRow> rows) throws IOException {
    Map<String, List<JsonNode>> captions = TestCoco.byPicture(cocoJson("captions"));
    for (ShardRow row : rows) {
      assertThat(row.annotations().captions())
          .isEqualTo(
              captions.get(row.path().replace("train2017/", "")).stream()
                  .map(a -> a.get("caption").asText())
                  .toList());
    }
  }

  private static void assertKeypoints(List<ShardRow> rows) throws IOException {
    Map<Long, double[]> points = new HashMap<>();
    cocoJson("person_keypoints")
        .get("annotations")
        .forEach(a -> points.put(a.get("id").asLong(), TestCoco.numbers(a.get("keypoints"))));
    Map<String, List<JsonNode>> instances = TestCoco.byPicture(cocoJson("instances"));
    int persons = 0;
    for (ShardRow row : rows) {
      List<JsonNode> objects = instances.get(row.path().replace("train2017/", ""));
      for (int i = 0; i < objects.size(); i++) {
        double[] expected = points.getOrDefault(objects.get(i).get("id").asLong(), new double[0]);
        assertThat(row.objects().get(i).keypoints()).isEqualTo(expected);
        persons += expected.length > 0 ? 1 : 0;
      }
    }
    assertThat(persons).isEqualTo(points.size());
  }

  private static JsonNode cocoJson(String kind) throws IOException {
    return json(LOCAL, new Path(data("coco-mini"), "annotations/" + kind + "_train2017.json"));
  }

  private static JsonNode json(FileSystem from, Path file) throws IOException {
    return new ObjectMapper().readTree(TestPictures.read(from, file));
  }

  private static Path data(String name) {
    String folder = System.getenv("LONGMAE_TEST_DATA");
    assumeTrue(
        folder != null && !folder.isEmpty(),
        "needs LONGMAE_TEST_DATA, a folder with coco-mini, imagenet-sample and cifar10.tar.gz");
    return new Path(folder, name);
  }

  /** All files below a folder, by their names from there on. */
  private static Map<String, byte[]> files(FileSystem from, Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    List<Path> folders = new ArrayList<>(List.of(folder));
    String root = from.makeQualified(folder).toString();
    while (!folders.isEmpty()) {
      for (FileStatus status : from.listStatus(folders.remove(folders.size() - 1))) {
        if (status.isDirectory()) {
          folders.add(status.getPath());
        } else {
          String name = status.getPath().toString().substring(root.length() + 1);
          files.put(name, TestPictures.read(from, status.getPath()));
        }
      }
    }
    return files;
  }

  private static Map<String, byte[]> prefixed(String prefix, Map<String, byte[]> files) {
    Map<String, byte[]> prefixed = new TreeMap<>();
    files.forEach((name, content) -> prefixed.put(prefix + name, content));
    return prefixed;
  }

  private static void writeInSmallBlocks(Path file, byte[] bytes) throws IOException {
    try (var out = fs.create(file, true, 4096, (short) 2, 1 << 20)) {
      out.write(bytes);
    }
  }
}
