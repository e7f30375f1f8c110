package org.longmae.data.scenes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.Randomness;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.image.PictureCodec;

/**
 * A folder of scenes in COCO's layout.
 *
 * <pre>
 *   DIR/train/000000000001.jpg …              pictures, written by any number of tasks
 *   DIR/annotations/instances_train.json      written last: the folder is complete
 * </pre>
 *
 * <p>Writing a picture again writes the same bytes, so a task may be repeated.
 */
public final class SceneFolder {
  /** Quality of the JPEG files. */
  public static final int JPEG_QUALITY = 92;

  private static final String SPLIT = "train";

  private SceneFolder() {}

  /** The folder that holds the pictures. */
  public static Path pictures(Path dir) {
    return new Path(dir, SPLIT);
  }

  /** The file that describes them. */
  public static Path annotations(Path dir) {
    return new Path(new Path(dir, "annotations"), "instances_" + SPLIT + ".json");
  }

  /**
   * Renders and writes the pictures with index in [{@code from}, {@code to}).
   *
   * @return what {@link #writeAnnotations} needs of each, in the same order
   */
  public static List<ScenePicture> writePictures(
      FileSystem fs, Path dir, Randomness randomness, long from, long to, int width, int height)
      throws IOException {
    List<ScenePicture> written = new ArrayList<>();
    for (long index = from; index < to; index++) {
      Scene scene = Scenes.render(randomness, index, width, height);
      byte[] jpeg = PictureCodec.jpeg(scene.picture(), JPEG_QUALITY);
      Path file = new Path(pictures(dir), ScenePicture.fileName(index));
      try (OutputStream out = fs.create(file, true)) {
        out.write(jpeg);
      }
      written.add(new ScenePicture(index, width, height, scene.objects()));
    }
    return written;
  }

  /**
   * Writes the annotations of all pictures aside, then renames them into place, replacing earlier
   * ones. Call it once, after every picture is written: the file's presence says that the folder is
   * complete.
   *
   * @param pictures what {@link #writePictures} returned, from all tasks, in any order
   * @param randomness what the pictures were rendered with; recorded in the file
   */
  public static void writeAnnotations(
      FileSystem fs, Path dir, List<ScenePicture> pictures, Randomness randomness)
      throws IOException {
    Path target = annotations(dir);
    Path aside = new Path(target.getParent(), "." + target.getName() + ".writing");
    try (OutputStream out = fs.create(aside, true)) {
      CocoWriter.write(out, pictures, randomness);
    }
    CommittedFile.replace(fs, aside, target);
  }
}
