package org.longmae.data.shard;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes files so that nobody sees half of one: aside first, below {@code _temporary}, then renamed
 * into place.
 */
final class Commit {
  private static final String ASIDE = "_temporary";

  private Commit() {}

  /** A path for one attempt at writing a file; another attempt at the same time gets another. */
  static Path aside(Path target) {
    return new Path(
        new Path(target.getParent(), ASIDE), target.getName() + "." + UUID.randomUUID());
  }

  /** Puts a file in the place of another, or of none. */
  static void replace(FileSystem fs, Path aside, Path target) throws IOException {
    // HDFS refuses to rename onto a file. Between the two calls there is none; readers do not
    // notice, because a set is withdrawn before its files change.
    fs.delete(target, false);
    if (!fs.rename(aside, target)) {
      fs.delete(target, false);
      if (!fs.rename(aside, target)) {
        throw new IOException("[" + target + "] cannot be put in place: renaming " + aside);
      }
    }
  }

  /** Removes what attempts that died have left in a folder. */
  static void clean(FileSystem fs, Path directory) throws IOException {
    fs.delete(new Path(directory, ASIDE), true);
  }
}
