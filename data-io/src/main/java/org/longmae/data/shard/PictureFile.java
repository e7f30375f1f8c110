package org.longmae.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.LimitsConfig;
import org.longmae.data.archive.DamagedEntryException;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.source.SourceEntry;
import org.longmae.data.source.SourceReader;

/** Reads the files of source pictures. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * The bytes of a picture's file.
   *
   * @throws UnreadablePictureException if it is above the limit, not there any more, not as long as
   *     it was when it was listed, or damaged in its archive
   * @throws IOException if the file system fails, so that reading may be tried again
   */
  static byte[] read(SourceReader source, SourceEntry entry, LimitsConfig limits)
      throws IOException, UnreadablePictureException {
    if (entry.bytes() > limits.fileBytes()) {
      throw new UnreadablePictureException(
          "too large: a file must have at most %d bytes (data.limits.file-mib) but had %d"
              .formatted(limits.fileBytes(), entry.bytes()));
    }
    try {
      return source.picture(entry);
    } catch (DamagedEntryException e) {
      throw new UnreadablePictureException(e.getMessage());
    } catch (FileNotFoundException e) {
      throw new UnreadablePictureException("file is not there any more");
    }
  }

  /**
   * Digest of a picture's file, to find duplicates by; empty for a file that cannot be a picture.
   *
   * @throws IOException if the file system fails
   */
  public static String sha256(Configuration hadoop, SourceEntry entry, LimitsConfig limits)
      throws IOException {
    try (SourceReader source = new SourceReader(hadoop)) {
      return Digests.sha256(read(source, entry, limits));
    } catch (UnreadablePictureException e) {
      return "";
    }
  }
}
