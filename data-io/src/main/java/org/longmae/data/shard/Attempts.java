package org.longmae.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where attempts at writing a set's files write aside, several at a time: below {@code _temporary}.
 */
final class Attempts {
  private static final String ASIDE = "_temporary";

  private Attempts() {}

  /** A path for one attempt at writing a file; another attempt at the same time gets another. */
  static Path aside(Path root, String name) {
    return new Path(new Path(root, ASIDE), name + "." + UUID.randomUUID());
  }

  /**
   * Puts a file that was written aside into place. Where another attempt was faster, its file,
   * which has the same bytes, stays: readers never see it gone.
   */
  static void commit(FileSystem fs, Path aside, Path target) throws IOException {
    if (!fs.exists(target) && renamed(fs, aside, target)) {
      return;
    }
    if (!fs.exists(target)) {
      throw new IOException("[" + target + "] Cannot rename " + aside + " to it");
    }
    fs.delete(aside, false);
  }

  /** Removes what attempts that died have left in a folder. */
  static void clean(FileSystem fs, Path root) throws IOException {
    fs.delete(new Path(root, ASIDE), true);
  }

  /** Whether a name is that of the folder for attempts. */
  static boolean isAside(String name) {
    return name.equals(ASIDE);
  }

  private static boolean renamed(FileSystem fs, Path aside, Path target) throws IOException {
    try {
      return fs.rename(aside, target);
    } catch (FileAlreadyExistsException | FileNotFoundException e) {
      return false;
    }
  }
}
