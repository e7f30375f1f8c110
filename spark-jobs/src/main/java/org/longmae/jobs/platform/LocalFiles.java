package org.longmae.jobs.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Hadoop's local files without {@code .crc} files beside them, since shards and states carry
 * checksums of their own; and without a {@code chmod} process for each file that is made, which
 * Hadoop starts where its native library is not there.
 *
 * <p>It is a {@link LocalFileSystem} as others expect one: what stores buffers on local disks, such
 * as {@code s3a}, casts to it.
 */
public final class LocalFiles extends LocalFileSystem {
  /** Found by Hadoop: {@code fs.file.impl}. */
  public LocalFiles() {
    super(new InProcess());
    setWriteChecksum(false);
    setVerifyChecksum(false);
  }

  /** Files with {@code .crc} files cannot be appended to; these have none. */
  @Override
  public FSDataOutputStream append(Path file, int buffer, Progressable told) throws IOException {
    return getRawFileSystem().append(file, buffer, told);
  }

  /** Sets permissions by itself. */
  private static final class InProcess extends RawLocalFileSystem {
    @Override
    public void setPermission(Path file, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(file, permission);
      } else {
        Files.setPosixFilePermissions(
            pathToFile(file).toPath(), PosixFilePermissions.fromString(permission.toString()));
      }
    }
  }
}
