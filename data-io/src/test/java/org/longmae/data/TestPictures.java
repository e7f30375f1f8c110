package org.longmae.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;

/** Pictures and files for tests. */
public final class TestPictures {
  private TestPictures() {}

  /**
   * A picture with hard edges and every byte value, from a formula that other languages can use.
   */
  public static Picture formula(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++, i++) {
          int value = x * 37 + y * 101 + c * 59 + x * y % 251 * 7;
          rgb[i] = (byte) (c == 2 ? value / 16 % 2 * 255 : value);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  /** A soft picture that differs with {@code kind}. */
  public static Picture gradient(int width, int height, int kind) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        rgb[i++] = (byte) (255 * x / width);
        rgb[i++] = (byte) (255 * y / height);
        rgb[i++] = (byte) (kind * 29);
      }
    }
    return new Picture(width, height, rgb);
  }

  /** A small JPEG that differs with {@code kind}. */
  public static byte[] jpeg(int kind) {
    return PictureCodec.jpeg(gradient(24 + kind % 5, 20 + kind % 3, kind), 90);
  }

  /** The local file system. */
  public static FileSystem local() {
    try {
      return FileSystem.getLocal(new Configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file, and the folders above it. */
  public static void write(FileSystem fs, Path file, byte[] bytes) throws IOException {
    try (OutputStream out = fs.create(file, true)) {
      out.write(bytes);
    }
  }

  /** Writes a new file; Hadoop's local file system starts a process (chmod) for each one. */
  public static void writeFast(FileSystem fs, Path file, byte[] bytes) throws IOException {
    if (!fs.getScheme().equals("file")) {
      write(fs, file, bytes);
      return;
    }
    java.nio.file.Path local = java.nio.file.Path.of(file.toUri().getPath());
    Files.createDirectories(local.getParent());
    Files.write(local, bytes);
  }

  /** Reads a file. */
  public static byte[] read(FileSystem fs, Path file) throws IOException {
    byte[] bytes = new byte[(int) fs.getFileStatus(file).getLen()];
    try (var in = fs.open(file)) {
      in.readFully(bytes);
    }
    return bytes;
  }
}
