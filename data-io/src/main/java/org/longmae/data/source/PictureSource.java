package org.longmae.data.source;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A place with pictures in one of the known layouts. */
public sealed interface PictureSource permits FolderSource, CocoSource {
  /**
   * Finds out what is at a path: COCO's layout if there are {@code annotations/instances_*.json},
   * else a folder of pictures.
   *
   * @throws SourceException if there is no folder at the path
   */
  static PictureSource at(FileSystem fs, Path root) throws IOException {
    PictureFiles files = PictureFiles.under(fs, root);
    return CocoSource.isAt(fs, files.root()) ? new CocoSource(files) : new FolderSource(files);
  }

  /**
   * Lists all pictures, sorted by path, without opening them.
   *
   * @throws SourceException if there are none or the annotations contradict themselves
   */
  SourceListing list() throws IOException;
}
