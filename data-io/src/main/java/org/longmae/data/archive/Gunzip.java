package org.longmae.data.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;

/**
 * Decompresses one {@code .tar.gz} into one tar, as a stream; a task of its own, done anywhere. The
 * tar appears whole or not at all, and one that is there is left as it is.
 *
 * @param source full path of the compressed archive
 * @param target full path of the tar to make; its name is ours, not the archive's
 */
public record Gunzip(String source, String target, ArchiveLimits limits) implements Serializable {
  private static final int BUFFER = 1 << 16;

  /**
   * Does it.
   *
   * @throws ArchiveException if the archive is damaged or unpacks beyond the limit
   * @throws IOException if a file system fails
   */
  public void run(Configuration hadoop) throws IOException {
    Path from = new Path(source);
    Path to = new Path(target);
    FileSystem fromFs = from.getFileSystem(hadoop);
    FileSystem toFs = to.getFileSystem(hadoop);
    if (toFs.exists(to)) {
      return;
    }
    Path aside = new Path(to.getParent(), "_" + to.getName() + "." + UUID.randomUUID());
    long compressed = fromFs.getFileStatus(from).getLen();
    try {
      try (InputStream in = fromFs.open(from);
          OutputStream out = toFs.create(aside, false, BUFFER)) {
        copy(in, out, compressed);
      }
      CommittedFile.replace(toFs, aside, to);
    } finally {
      toFs.delete(aside, false);
    }
  }

  private void copy(InputStream in, OutputStream out, long compressed) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    try (GZIPInputStream unzipped = new GZIPInputStream(in, BUFFER)) {
      for (int read = unzipped.read(buffer); read >= 0; read = unzipped.read(buffer)) {
        total += read;
        limits.checkTotal(source, compressed, total);
        out.write(buffer, 0, read);
      }
    } catch (EOFException | ZipException e) {
      throw new ArchiveException(
          "[%s] is no gzip or is truncated after %d unpacked bytes: %s"
              .formatted(source, total, e.getMessage()),
          e);
    }
  }
}
