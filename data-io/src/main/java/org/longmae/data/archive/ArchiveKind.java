package org.longmae.data.archive;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The kinds of archives, told by their names. */
public enum ArchiveKind {
  /** {@code .tar}, not compressed: read in place. */
  TAR(".tar"),
  /** {@code .zip}: read in place. */
  ZIP(".zip"),
  /** {@code .tar.gz}: has no places to read from, so it becomes a tar first ({@link Gunzip}). */
  TAR_GZ(".tar.gz"),
  /** The same under a shorter name. */
  TGZ(".tgz");

  private final String ending;

  ArchiveKind(String ending) {
    this.ending = ending;
  }

  /** The kind that a file's name says; empty if it is no archive. */
  public static Optional<ArchiveKind> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ArchiveKind kind : values()) {
      if (lower.endsWith(kind.ending) && lower.length() > kind.ending.length()) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether the archive must be decompressed before it can be listed. */
  public boolean isGzip() {
    return this == TAR_GZ || this == TGZ;
  }

  /** A name without this kind's ending. */
  public String stem(String name) {
    return name.substring(0, name.length() - ending.length());
  }

  /**
   * Lists an archive that is read in place.
   *
   * @throws ArchiveException if it is damaged or beyond a limit
   */
  public void list(FileSystem fs, Path path, ArchiveLimits limits, EntryVisitor visitor)
      throws IOException {
    switch (this) {
      case TAR -> TarListing.list(fs, path, limits, visitor);
      case ZIP -> ZipListing.list(fs, path, limits, visitor);
      case TAR_GZ, TGZ ->
          throw new IllegalStateException("[" + path + "] must be decompressed before listing");
    }
  }
}
