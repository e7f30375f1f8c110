package org.longmae.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.longmae.data.archive.TestArchives.text;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;
import org.longmae.data.archive.ArchiveLimits;
import org.longmae.data.archive.TestArchives;

/** Layouts in folders and in archives give the same listing. */
class LayoutsTest {
  private static final byte[] PICTURE = {1, 2, 3};

  private final FileSystem fs = TestPictures.local();
  private Path root;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path folder) {
    root = new Path(new Path(folder.toUri()), "source");
  }

  @Test
  void cifarsClassesAreFoundBelowItsSplits() throws IOException {
    Map<String, byte[]> cifar = pictures("train/cat/0", "train/dog/0", "test/cat/0", "test/dog/0");
    Map<String, byte[]> packed = new LinkedHashMap<>();
    cifar.forEach((name, content) -> packed.put("cifar10/" + name, content));
    write(new Path(root, "cifar10.tar.gz"), TestArchives.gzip(TestArchives.tar(packed)));

    SourceListing listing = list(new Path(root, "cifar10.tar.gz"), SourceSettings.DEFAULT);

    assertThat(listing.classNames()).containsExactly("cat", "dog");
    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label)
        .containsExactly(
            tuple("cifar10/test/cat/0.jpg", 0),
            tuple("cifar10/test/dog/0.jpg", 1),
            tuple("cifar10/train/cat/0.jpg", 0),
            tuple("cifar10/train/dog/0.jpg", 1));
    assertThat(listing.entries().get(0).path())
        .endsWith("/source/cifar10.tar.gz!/cifar10/test/cat/0.jpg");
    assertReadable(listing);

    write(cifar);
    SourceListing train = list(root, folders("train"));
    assertThat(train.entries()).extracting(SourceEntry::label).containsExactly(0, 1);
    assertThat(train.entries())
        .extracting(SourceEntry::name)
        .containsExactly("train/cat/0.jpg", "train/dog/0.jpg");
  }

  @Test
  void imageNetsTarOfTarsEqualsItsFolders() throws IOException {
    Map<String, byte[]> synsets = pictures("n01440764/n01440764_1", "n02/n02_1", "n02/n02_2");
    Map<String, byte[]> tars = new LinkedHashMap<>();
    tars.put("n02.tar", TestArchives.tar(pictures("n02_2", "n02_1")));
    tars.put("n01440764.tar", TestArchives.tar(pictures("n01440764_1")));
    write(synsets);
    Path tar = new Path(root.getParent(), "ILSVRC2012_img_train.tar");
    write(tar, TestArchives.tar(tars));
    // Many people unpack the outer tar alone.
    Path half = new Path(root.getParent(), "half");
    for (var inner : tars.entrySet()) {
      write(new Path(half, inner.getKey()), inner.getValue());
    }

    SourceListing folders = list(root, SourceSettings.DEFAULT);

    assertThat(folders.classNames()).containsExactly("n01440764", "n02");
    for (Path other : List.of(tar, half)) {
      SourceListing listing = list(other, SourceSettings.DEFAULT);
      assertThat(listing.classNames()).isEqualTo(folders.classNames());
      assertThat(listing.entries())
          .extracting(SourceEntry::name, SourceEntry::label)
          .isEqualTo(folders.entries().stream().map(e -> tuple(e.name(), e.label())).toList());
      assertReadable(listing);
    }
    assertThatThrownBy(() -> list(root, format(SourceFormat.IMAGENET)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("synsets such as n01440764")
        .hasMessageContaining("folder \"n02\"");
  }

  @Test
  void validationLabelsComeFromAFile() throws IOException {
    write(pictures("val/ILSVRC2012_val_2", "val/ILSVRC2012_val_1", "val/ILSVRC2012_val_3"));

    assertThat(labelled("490\n361\n490\n")).containsExactly("490", "361", "490");
    assertThat(labelled("ILSVRC2012_val_3.jpg 9\nILSVRC2012_val_1.jpg 10\nILSVRC2012_val_2.jpg 10"))
        .containsExactly("10", "10", "9");
    assertThat(
            labelled(
                """
                ImageId,PredictionString
                ILSVRC2012_val_3,n03995372 85 1 499 272
                ILSVRC2012_val_1,n03481172 131 0 499 254 n03481172 5 5 9 9
                """))
        .containsExactly("n03481172", null, "n03995372");
    assertThatThrownBy(() -> labelled("1\n2\n"))
        .hasMessageContaining("labels.txt] must have one label for each of the 3 pictures")
        .hasMessageContaining("has 2");
    assertThatThrownBy(() -> labelled("1\n2\n3\n4\n")).hasMessageContaining("has 4");
    assertThatThrownBy(() -> labelled("1\nb.jpg 2\n"))
        .hasMessageContaining("labels.txt:2] must be LABEL");
    assertThatThrownBy(() -> labelled("b.jpg 2\nc.jpg 3\n"))
        .hasMessageContaining("names none of the 3 pictures");
    assertThatThrownBy(() -> labelled("ILSVRC2012_val_1 2\nILSVRC2012_val_1 3\n"))
        .hasMessageContaining("labels.txt:2] ILSVRC2012_val_1 has the label 2 in a line before");
  }

  /** The paper pre-trains on train2017 and unlabeled2017 together, and on nothing else. */
  @Test
  void cocosZipsAreOneSource() throws IOException {
    String instances =
        """
        {"images": [{"id": 1, "file_name": "a.jpg"}],
         "annotations": [{"id": 7, "image_id": 1, "category_id": 3, "bbox": [0, 0, 2, 2],
           "area": 4, "iscrowd": 0, "segmentation": [[0, 0, 2, 0, 2, 2]]}],
         "categories": [{"id": 3, "name": "cat"}]}
        """;
    String captions =
        """
        {"images": [{"id": 1, "file_name": "a.jpg"}],
         "annotations": [{"id": 1, "image_id": 1, "caption": "One cat."},
                         {"id": 2, "image_id": 1, "caption": "A cat, größer."}]}
        """;
    String keypoints = instances.replace("\"iscrowd\"", "\"keypoints\": [1, 2, 2], \"iscrowd\"");
    Map<String, byte[]> annotations = new LinkedHashMap<>();
    annotations.put("annotations/captions_train2017.json", text(captions));
    annotations.put("annotations/instances_train2017.json", text(instances));
    annotations.put("annotations/instances_val2017.json", text(instances));
    annotations.put("annotations/person_keypoints_train2017.json", text(keypoints));
    write(new Path(root, "annotations_trainval2017.zip"), TestArchives.zip(annotations));
    for (String name : List.of("train2017", "unlabeled2017", "val2017")) {
      write(new Path(root, name + ".zip"), TestArchives.zip(pictures(name + "/a", name + "/b")));
    }

    SourceListing listing = list(root, folders("train2017", "unlabeled2017"));

    assertThat(listing.classNames()).containsExactly("cat");
    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label)
        .containsExactly(
            tuple("train2017/a.jpg", 0),
            tuple("train2017/b.jpg", -1),
            tuple("unlabeled2017/a.jpg", -1),
            tuple("unlabeled2017/b.jpg", -1));
    PictureAnnotations plain = annotations(listing, 0);
    assertThat(plain.objects()).hasSize(1);
    assertThat(plain.captions()).isEmpty();
    assertThat(plain.objects().get(0).keypoints()).isEmpty();
    assertReadable(listing);

    SourceListing all =
        list(
            root,
            new SourceSettings(
                SourceFormat.COCO, List.of("train2017"), "", true, true, ArchiveLimits.DEFAULT));
    assertThat(annotations(all, 0).captions()).containsExactly("One cat.", "A cat, größer.");
    assertThat(annotations(all, 0).objects().get(0).keypoints()).containsExactly(1, 2, 2);
    assertThat(list(root, folders("unlabeled2017")).classNames()).isEmpty();
    assertThatThrownBy(() -> list(root, folders("train2018")))
        .hasMessageContaining("\"train2018\" has none; there are: train2017, unlabeled2017");
  }

  @Test
  void openImagesTablesGiveBoxesInPixelsAndLabels() throws IOException {
    write(
        new Path(root, "train_0.tar.gz"),
        TestArchives.gzip(TestArchives.tar(pictures("train_0/00aa", "train_0/00bb"))));
    write(pictures("train_1/00cc", "train_1/00dd"));
    table("class-descriptions-boxable.csv", "/m/011k07,Tortoise\n/m/0199g,\"Bicycle, old\"\n");
    table(
        "train-annotations-bbox.csv",
        """
        ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf
        00aa,xclick,/m/0199g,1,0.25,0.75,0.5,1,0,0,0
        00cc,xclick,/m/0199g,1,0,0.5,0,0.5,0,0,1
        00aa,xclick,/m/011k07,1,0,1,0,0.5,1,0,0
        ffff,xclick,/m/011k07,1,0,1,0,0.5,1,0,0
        """);
    table(
        "train-annotations-human-imagelabels.csv",
        """
        ImageID,Source,LabelName,Confidence
        00dd,verification,/m/011k07,0
        00dd,verification,/m/0new,1
        00dd,verification,/m/0199g,1
        00aa,verification,/m/0199g,1
        """);
    table("train-images.csv", "ImageID,Subset,OriginalURL,Rotation\n00aa,train,http://x,0.0\n");
    table("other.csv", "a,b,c\n1,2,3\n");

    SourceListing listing = list(root, SourceSettings.DEFAULT);

    assertThat(listing.classNames()).containsExactly("Tortoise", "Bicycle, old", "/m/0new");
    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label)
        .containsExactly(
            tuple("train_0/00aa.jpg", 0),
            tuple("train_0/00bb.jpg", -1),
            tuple("train_1/00cc.jpg", 1),
            tuple("train_1/00dd.jpg", 2));
    PictureAnnotations first = annotations(listing, 0);
    assertThat(first.objects())
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new ObjectAnnotation(1, 25, 25, 50, 25, 1250, false, List.of(), ""),
                new ObjectAnnotation(0, 0, 0, 100, 25, 2500, false, List.of(), "")));
    assertThat(first.labels()).containsExactly(1);
    assertThat(annotations(listing, 2).objects().get(0).crowd()).isTrue();
    assertThat(annotations(listing, 3).labels()).containsExactly(2, 1);
    assertReadable(listing);
  }

  @Test
  void wrongRowsOfOpenImagesAreNamedByLine() throws IOException {
    write(pictures("train/00aa"));
    String header = "ImageID,LabelName,XMin,XMax,YMin,YMax\n00aa,/m/1,0,1,0,1\n";
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("00aa,/m/1,0,NaN,0,1", "XMax must be a number but is \"NaN\"");
    wrong.put("00aa,/m/1,0,x,0,1", "XMax must be a number but is \"x\"");
    wrong.put("00aa,/m/1,0.5,0.4,0,1", "a box must have 0 <= min <= max <= 1");
    wrong.put("00aa,/m/1,0,1.5,0,1", "a box must have 0 <= min <= max <= 1");
    wrong.put("00aa,/m/1,0,1", "must have 6 columns but has 4");
    for (var row : wrong.entrySet()) {
      table("boxes.csv", header + row.getKey() + "\n");
      assertThatThrownBy(() -> list(root, SourceSettings.DEFAULT))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("boxes.csv:3] " + row.getValue());
    }
    table("boxes.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax\nffff,/m/1,0,1,0,1\n");
    assertThatThrownBy(() -> list(root, SourceSettings.DEFAULT))
        .hasMessageContaining("none of the 1 rows about pictures is about one that is there");
  }

  @Test
  void aFormatThatIsNotThereSaysWhatIs() throws IOException {
    write(pictures("a/x", "b/y"));
    table("list.csv", "a,b\n");

    assertThatThrownBy(() -> list(root, format(SourceFormat.COCO)))
        .hasMessageContaining("must have COCO's annotations/instances_*.json but has none")
        .hasMessageContaining("there are 2 pictures and 1 JSON or CSV files, for example list.csv");
    assertThatThrownBy(() -> list(root, format(SourceFormat.OPEN_IMAGES)))
        .hasMessageContaining("must have Open Images' tables");
  }

  @Test
  void hostileEntriesAreLeftOutWithTheirReason() throws IOException {
    Map<String, byte[]> content = new LinkedHashMap<>(pictures("cats/a", "dogs/b"));
    content.put("../../escape.jpg", PICTURE);
    content.put("../../readme.txt", PICTURE);
    content.put("inner.zip", PICTURE);
    write(new Path(root, "x.tar"), TestArchives.tar(content));
    // The same name once more, from another archive.
    write(new Path(root, "y.zip"), TestArchives.zip(pictures("cats/a")));

    SourceListing listing = list(root, SourceSettings.DEFAULT);

    assertThat(listing.entries())
        .extracting(SourceEntry::name)
        .containsExactly("cats/a.jpg", "dogs/b.jpg");
    assertThat(listing.entries().get(0).path()).contains("x.tar!/");
    assertThat(listing.leftOut())
        .extracting(left -> left.place().replaceAll(".*/source/", ""), LeftOut::reason)
        .containsExactly(
            tuple("x.tar!/../../escape.jpg", "name has empty, \".\" or \"..\" segments"),
            tuple(
                "x.tar!/x/inner.zip",
                "is an archive in an archive; only tars in an uncompressed tar are looked into"),
            tuple("y.zip!/cats/a.jpg", "name is there twice; the first one is taken"));
  }

  @Test
  void damagedArchivesAreASourceError() throws IOException {
    write(new Path(root, "x.tar"), text("no tar"));

    assertThatThrownBy(() -> list(root, SourceSettings.DEFAULT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("x.tar] is no tar or is truncated");
  }

  private List<String> labelled(String labels) throws IOException {
    Path file = new Path(root.getParent(), "labels.txt");
    write(file, text(labels));
    SourceListing listing =
        list(
            root,
            new SourceSettings(
                SourceFormat.IMAGENET,
                List.of(),
                file.toString(),
                false,
                false,
                ArchiveLimits.DEFAULT));
    return listing.entries().stream()
        .map(entry -> entry.label() < 0 ? null : listing.classNames().get(entry.label()))
        .toList();
  }

  private static SourceSettings folders(String... names) {
    return new SourceSettings(
        SourceFormat.AUTO, List.of(names), "", false, false, ArchiveLimits.DEFAULT);
  }

  private static SourceSettings format(SourceFormat format) {
    return new SourceSettings(format, List.of(), "", false, false, ArchiveLimits.DEFAULT);
  }

  private SourceListing list(Path source, SourceSettings settings) throws IOException {
    return PictureSource.at(fs, source, settings)
        .list(new Workspace(fs, new Path(root.getParent(), "work")));
  }

  private PictureAnnotations annotations(SourceListing listing, int entry) throws IOException {
    try (SourceReader reader = new SourceReader(fs.getConf())) {
      return reader.annotations(listing.entries().get(entry), 100, 50);
    }
  }

  private void assertReadable(SourceListing listing) throws IOException {
    try (SourceReader reader = new SourceReader(fs.getConf())) {
      for (SourceEntry entry : listing.entries()) {
        assertThat(reader.picture(entry)).isEqualTo(PICTURE);
      }
    }
  }

  private static Map<String, byte[]> pictures(String... names) {
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    for (String name : names) {
      pictures.put(name + ".jpg", PICTURE);
    }
    return pictures;
  }

  private void table(String name, String rows) throws IOException {
    write(new Path(root, name), text(rows));
  }

  private void write(Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      write(new Path(root, file.getKey()), file.getValue());
    }
  }

  private void write(Path path, byte[] content) throws IOException {
    TestPictures.write(fs, path, content);
  }
}
