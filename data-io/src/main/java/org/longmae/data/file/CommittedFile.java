package org.longmae.data.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes files so that a reader sees all of a file or nothing. One writer a file at a time. */
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
    replace(fs, aside, file);
  }

  /**
   * Puts a file that was written aside in the place of another, or of none.
   *
   * @throws IOException if it cannot be renamed
   */
  public static void replace(FileSystem fs, Path aside, Path file) throws IOException {
    if (!renamed(fs, aside, file)) {
      // HDFS does not rename onto a file: between these calls there is none, and what is replaced
      // here can be made again.
      fs.delete(file, false);
      if (!renamed(fs, aside, file)) {
        throw new IOException("[" + file + "] Cannot rename " + aside + " to it");
      }
    }
  }

  private static boolean renamed(FileSystem fs, Path aside, Path file) throws IOException {
    try {
      return fs.rename(aside, file);
    } catch (FileAlreadyExistsException e) {
      return false;
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
