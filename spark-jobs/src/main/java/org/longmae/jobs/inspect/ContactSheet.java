package org.longmae.jobs.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.jobs.picture.AnnotatedPicture;
import org.longmae.jobs.picture.PictureGrid;

/** The first training pictures of a shard set, a random sample, with their boxes and masks. */
public final class ContactSheet {
  private static final int COLUMNS = 6;
  private static final int CELL_WIDTH = 256;
  private static final int CELL_HEIGHT = 192;
  private static final int GAP = 6;

  private ContactSheet() {}

  /**
   * Draws a sheet, as a PNG.
   *
   * @param pictures at most, at least 1
   * @throws ShardException if there are no pictures, or one cannot be decoded
   */
  public static byte[] png(FileSystem fs, Path folder, ShardManifest manifest, int pictures)
      throws IOException {
    List<Picture> drawn = new ArrayList<>();
    for (ShardFile file : manifest.files(ShardPlan.TRAIN)) {
      if (drawn.size() < pictures) {
        draw(fs, new Path(folder, file.name()), pictures, drawn);
      }
    }
    if (drawn.isEmpty()) {
      throw new ShardException("[" + folder + "] has no training pictures to draw");
    }
    List<List<Picture>> rows = new ArrayList<>();
    for (int from = 0; from < drawn.size(); from += COLUMNS) {
      rows.add(drawn.subList(from, Math.min(drawn.size(), from + COLUMNS)));
    }
    return PictureCodec.png(PictureGrid.of(rows, GAP, 1));
  }

  private static void draw(FileSystem fs, Path file, int pictures, List<Picture> drawn)
      throws IOException {
    try (ShardReader reader = ShardReader.open(fs, file)) {
      for (int i = 0; i < reader.rowGroups() && drawn.size() < pictures; i++) {
        for (ShardRow row : reader.rowGroup(i)) {
          if (drawn.size() < pictures) {
            drawn.add(
                AnnotatedPicture.of(decode(file, row), row.objects(), CELL_WIDTH, CELL_HEIGHT));
          }
        }
      }
    }
  }

  /** The picture of a row. */
  static Picture decode(Path file, ShardRow row) {
    try {
      return PictureCodec.decode(row.image());
    } catch (UnreadablePictureException e) {
      throw new ShardException(
          "[%s] Cannot decode sample %d (%s): %s"
              .formatted(file, row.id(), row.path(), e.getMessage()),
          e);
    }
  }
}
