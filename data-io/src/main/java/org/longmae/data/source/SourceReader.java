package org.longmae.data.source;

import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.longmae.data.archive.StoredFileReader;

/** Reads pictures and annotations that a listing refers to. Not for several threads at once. */
public final class SourceReader implements Closeable {
  private final StoredFileReader files;

  /** Reads from any file system of a configuration. */
  public SourceReader(Configuration hadoop) {
    files = new StoredFileReader(hadoop);
  }

  /**
   * A picture's file, whole; the caller has looked at its length.
   *
   * @throws java.io.FileNotFoundException if it is not there any more
   * @throws org.longmae.data.archive.DamagedEntryException if it has changed since it was listed,
   *     or its archive is damaged there
   */
  public byte[] picture(SourceEntry entry) throws IOException {
    return files.read(entry.file());
  }

  /**
   * A picture's annotations.
   *
   * @param width of the picture as annotations see it; sources may state shares of it
   * @param height likewise
   */
  public PictureAnnotations annotations(SourceEntry entry, int width, int height)
      throws IOException {
    return entry.annotations().bytes() == 0
        ? PictureAnnotations.NONE
        : AnnotationCodec.decode(files.read(entry.annotations()), width, height);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
