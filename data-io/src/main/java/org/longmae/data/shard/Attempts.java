package org.longmae.data.shard;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where attempts at writing a set's files write aside, several at a time: below {@code _temporary}.
 * {@link org.longmae.data.file.CommittedFile#replace} then puts a file into place.
 */
final class Attempts {
  private static final String ASIDE = "_temporary";

  private Attempts() {}

  /** A path for one attempt at writing a file; another attempt at the same time gets another. */
  static Path aside(Path target) {
    return new Path(
        new Path(target.getParent(), ASIDE), target.getName() + "." + UUID.randomUUID());
  }

  /** Removes what attempts that died have left in a folder. */
  static void clean(FileSystem fs, Path directory) throws IOException {
    fs.delete(new Path(directory, ASIDE), true);
  }
}
