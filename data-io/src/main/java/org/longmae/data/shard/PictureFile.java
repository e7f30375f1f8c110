package org.longmae.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.LimitsConfig;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.source.SourceEntry;

/** Reads the files of source pictures. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * The bytes of a picture's file.
   *
   * @throws UnreadablePictureException if it is above the limit, not there any more or not as long
   *     as it was when it was listed
   * @throws IOException if the file system fails, so that reading may be tried again
   */
  static byte[] read(Configuration hadoop, SourceEntry entry, LimitsConfig limits)
      throws IOException, UnreadablePictureException {
    if (entry.bytes() > limits.fileBytes()) {
      throw new UnreadablePictureException(
          "too large: a file must have at most %d bytes (data.limits.file-mib) but had %d"
              .formatted(limits.fileBytes(), entry.bytes()));
    }
    Path path = new Path(entry.path());
    byte[] bytes = new byte[(int) entry.bytes()];
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      int read = in.readNBytes(bytes, 0, bytes.length);
      if (read < bytes.length || in.read() >= 0) {
        throw new UnreadablePictureException(
            "file has changed: had %d bytes when it was listed".formatted(bytes.length));
      }
    } catch (FileNotFoundException e) {
      throw new UnreadablePictureException("file is not there any more");
    }
    return bytes;
  }

  /**
   * Digest of a picture's file, to find duplicates by; empty for a file that cannot be a picture.
   *
   * @throws IOException if the file system fails
   */
  public static String sha256(Configuration hadoop, SourceEntry entry, LimitsConfig limits)
      throws IOException {
    try {
      return Digests.sha256(read(hadoop, entry, limits));
    } catch (UnreadablePictureException e) {
      return "";
    }
  }
}
