package org.longmae.jobs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes small files so that a reader sees all of a file or nothing. */
public final class CommittedFile {
  private CommittedFile() {}

  /**
   * Writes aside, then renames; an older file of that name is replaced.
   *
   * @throws IOException if the file cannot be written or renamed
   */
  public static void write(FileSystem fs, Path file, byte[] bytes) throws IOException {
    Path aside = new Path(file.getParent(), "_" + file.getName() + ".tmp");
    try (FSDataOutputStream out = fs.create(aside, true)) {
      out.write(bytes);
      out.hsync();
    }
    if (!fs.rename(aside, file)) {
      // HDFS does not rename onto a file; what is replaced here can be made again.
      fs.delete(file, false);
      if (!fs.rename(aside, file)) {
        throw new IOException("[" + file + "] Cannot rename " + aside + " to it");
      }
    }
  }

  /** {@link #write(FileSystem, Path, byte[])} of text in UTF-8. */
  public static void write(FileSystem fs, Path file, String text) throws IOException {
    write(fs, file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole file. */
  public static byte[] read(FileSystem fs, Path file) throws IOException {
    try (var in = fs.open(file)) {
      return in.readAllBytes();
    }
  }

  /** The whole file, as UTF-8. */
  public static String readText(FileSystem fs, Path file) throws IOException {
    return new String(read(fs, file), StandardCharsets.UTF_8);
  }
}
