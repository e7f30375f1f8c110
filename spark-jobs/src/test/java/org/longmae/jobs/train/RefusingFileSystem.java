package org.longmae.jobs.train;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/** Local files as {@code refusing:///…}, until writing is forbidden: tests may run as root. */
public final class RefusingFileSystem extends RawLocalFileSystem {
  static volatile boolean refuses;

  @Override
  public URI getUri() {
    return URI.create("refusing:///");
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    requireWritable(folder);
    return super.mkdirs(folder);
  }

  @Override
  public FSDataOutputStream create(
      Path file, boolean overwrite, int buffer, short replication, long block, Progressable told)
      throws IOException {
    requireWritable(file);
    return super.create(file, overwrite, buffer, replication, block, told);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable told)
      throws IOException {
    requireWritable(file);
    return super.create(file, permission, overwrite, buffer, replication, block, told);
  }

  private static void requireWritable(Path path) throws IOException {
    if (refuses) {
      throw new AccessControlException("Permission denied: " + path);
    }
  }
}
