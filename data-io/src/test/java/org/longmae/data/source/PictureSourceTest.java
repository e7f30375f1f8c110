package org.longmae.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.data.TestPictures;

class PictureSourceTest {
  private static final String INSTANCES =
      """
      {"info": {"about": ["anything"]},
       "annotations": [
         {"id": 1, "image_id": 5, "category_id": 90, "bbox": [1, 2.5, 3, 4], "area": 7.5,
          "iscrowd": 0, "segmentation": [[1, 2, 3, 4, 5, 6.25], [7, 8, 9, 10, 11, 12]]},
         {"id": 2, "image_id": 5, "category_id": 17, "bbox": [0, 0, 9, 9], "area": 49,
          "iscrowd": 1, "segmentation": {"size": [9, 9], "counts": [6, 1, 40, 4, 5, 4, 5, 4, 12]}},
         {"id": 3, "image_id": 6, "category_id": 90, "bbox": [0, 0, 1, 1], "area": 1,
          "iscrowd": 0, "segmentation": {"size": [9, 9], "counts": "61X13mN0007"}}],
       "images": [{"id": 5, "file_name": "b.jpg"}, {"id": 6, "file_name": "a.jpg"},
                  {"id": 7, "file_name": "notthere.jpg"}],
       "categories": [{"id": 90, "name": "toothbrush"}, {"id": 17, "name": "cat"}]}
      """;

  private final FileSystem fs = TestPictures.local();
  private Path root;

  @BeforeEach
  void setUp(@TempDir java.nio.file.Path folder) {
    root = new Path(new Path(folder.toUri()), "pictures");
  }

  @Test
  void missingFolderIsNamed() {
    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageEndingWith("/pictures] folder does not exist");
  }

  @Test
  void emptyFolderIsNamed() throws IOException {
    write("readme.txt");

    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageEndingWith(
            "/pictures] no pictures (bmp, jpeg, jpg, png, webp)"
                + " and no archives (tar, tar.gz, tgz, zip) found");
  }

  @Test
  void fileIsNoFolder() throws IOException {
    write("a.jpg");

    assertThatThrownBy(() -> PictureSource.at(fs, new Path(root, "a.jpg"), SourceSettings.DEFAULT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("must be a folder or an archive (tar, tar.gz, tgz, zip) but is");
  }

  @Test
  void filesAreTakenByExtensionAndSorted() throws IOException {
    write("b.JPEG", "a b#1.png", "c.WebP", "d.bmp", "e.gif", ".hidden.jpg", "_tmp.jpg");

    SourceListing listing = list();

    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label, SourceEntry::bytes)
        .containsExactly(
            tuple("a b#1.png", -1, 3L),
            tuple("b.JPEG", -1, 3L),
            tuple("c.WebP", -1, 3L),
            tuple("d.bmp", -1, 3L));
    assertThat(listing.classNames()).isEmpty();
    assertThat(TestPictures.read(fs, new Path(listing.entries().get(0).path()))).hasSize(3);
  }

  @Test
  void subFoldersAreClasses() throws IOException {
    write("n02/x.jpg", "n01/z.jpg", "n01/y.jpg", "n03/readme.txt");

    SourceListing listing = list();

    assertThat(listing.classNames()).containsExactly("n01", "n02");
    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label)
        .containsExactly(tuple("n01/y.jpg", 0), tuple("n01/z.jpg", 0), tuple("n02/x.jpg", 1));
  }

  @Test
  void picturesOfMixedDepthHaveNoClasses() throws IOException {
    write("x.jpg", "n01/z.jpg");

    SourceListing listing = list();

    assertThat(listing.classNames()).isEmpty();
    assertThat(listing.entries()).extracting(SourceEntry::label).containsOnly(-1);
  }

  @Test
  void cocoGivesBoxesMasksAndTheMainObjectsCategory() throws IOException {
    write("val/a.jpg", "val/b.jpg", "val/c.jpg");
    writeInstances(INSTANCES);

    SourceListing listing = list();

    assertThat(listing.classNames()).containsExactly("cat", "toothbrush");
    assertThat(listing.entries())
        .extracting(SourceEntry::name, SourceEntry::label)
        .containsExactly(tuple("val/a.jpg", 1), tuple("val/b.jpg", 0), tuple("val/c.jpg", -1));
    assertThat(annotations(listing.entries().get(1)).objects())
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new ObjectAnnotation(
                    1,
                    1,
                    2.5,
                    3,
                    4,
                    7.5,
                    false,
                    List.of(new double[] {1, 2, 3, 4, 5, 6.25}, new double[] {7, 8, 9, 10, 11, 12}),
                    ""),
                new ObjectAnnotation(0, 0, 0, 9, 9, 49, true, List.of(), "61X13mN0007")));
    assertThat(annotations(listing.entries().get(0)).objects().get(0).rle())
        .isEqualTo("61X13mN0007");
  }

  @Test
  void cocoWithNoneOfItsPicturesIsRefused() throws IOException {
    write("val/other.jpg");
    writeInstances(INSTANCES);

    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("none of the 3 pictures named in annotations/ is there")
        .hasMessageContaining("b.jpg");
  }

  @Test
  void damagedAnnotationsAreRefused() throws IOException {
    write("val/a.jpg");
    writeInstances(INSTANCES.substring(0, 400));
    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("instances_val.json] line 7, byte 400: is not COCO's JSON");

    writeInstances(INSTANCES.replace("\"bbox\": [0, 0, 1, 1], ", ""));
    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("annotations[2] id 3: must have \"bbox\" but has none");

    writeInstances(INSTANCES.replace("\"id\": 90", "\"id\": 91"));
    assertThatThrownBy(() -> list())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("category_id 90 must be the id of one of \"categories\"");
  }

  private SourceListing list() throws IOException {
    return list(SourceSettings.DEFAULT);
  }

  private SourceListing list(SourceSettings settings) throws IOException {
    return PictureSource.at(fs, root, settings)
        .list(new Workspace(fs, new Path(root.getParent(), "work")));
  }

  private PictureAnnotations annotations(SourceEntry entry) throws IOException {
    try (SourceReader reader = new SourceReader(fs.getConf())) {
      return reader.annotations(entry, 100, 50);
    }
  }

  private void write(String... names) throws IOException {
    for (String name : names) {
      TestPictures.write(fs, new Path(root, name), new byte[] {1, 2, 3});
    }
  }

  private void writeInstances(String json) throws IOException {
    TestPictures.write(
        fs,
        new Path(root, "annotations/instances_val.json"),
        json.getBytes(StandardCharsets.UTF_8));
  }
}
