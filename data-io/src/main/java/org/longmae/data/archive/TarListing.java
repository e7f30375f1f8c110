package org.longmae.data.archive;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lists an uncompressed tar. Only headers are read; contents are skipped. A tar inside it is listed
 * too, as the folder {@code NAME/} for {@code NAME.tar}: ImageNet is a tar of one tar a class.
 */
final class TarListing {
  private static final int RECORD = 512;

  /** Long names and PAX attributes are read into memory; real ones have a few hundred bytes. */
  private static final long LONGEST_HEADER = 1 << 20;

  private final String archive;
  private final FSDataInputStream in;
  private final long length;
  private final ArchiveLimits limits;
  private final EntryVisitor visitor;
  private long entries;

  private TarListing(
      String archive,
      FSDataInputStream in,
      long length,
      ArchiveLimits limits,
      EntryVisitor visitor) {
    this.archive = archive;
    this.in = in;
    this.length = length;
    this.limits = limits;
    this.visitor = visitor;
  }

  static void list(FileSystem fs, Path path, ArchiveLimits limits, EntryVisitor visitor)
      throws IOException {
    long length = fs.getFileStatus(path).getLen();
    try (FSDataInputStream in = fs.open(path)) {
      new TarListing(path.toString(), in, length, limits, visitor).list(0, length, "");
    }
  }

  private void list(long offset, long bytes, String folder) throws IOException {
    requireEnd(offset, bytes, folder);
    Slice slice = new Slice(in, offset, bytes);
    // Latin-1 keeps a name's bytes (EntryName.text). Closing would do nothing: a slice does not
    // close the file.
    @SuppressWarnings("resource")
    TarArchiveInputStream tar = new TarArchiveInputStream(slice, "ISO-8859-1");
    for (TarArchiveEntry entry = next(tar, slice); entry != null; entry = next(tar, slice)) {
      limits.checkCount(archive, ++entries);
      if (!entry.isDirectory()) {
        take(entry, slice.position(), offset + bytes, folder);
      }
    }
  }

  private void take(TarArchiveEntry entry, long at, long end, String folder) throws IOException {
    String name = folder + EntryName.clean(EntryName.text(entry.getName()));
    Optional<String> problem = problem(entry, name);
    if (problem.isPresent()) {
      visitor.leftOut(EntryName.printable(name), problem.get());
      return;
    }
    if (entry.getSize() > end - at) {
      throw new ArchiveException(
          "[%s] is truncated: entry %s ends at byte %d but its archive at %d"
              .formatted(archive, EntryName.printable(name), at + entry.getSize(), end));
    }
    if (!name.toLowerCase(Locale.ROOT).endsWith(".tar")) {
      visitor.file(name, new StoredFile.Stretch(archive, at, entry.getSize()));
    } else if (folder.isEmpty()) {
      list(at, entry.getSize(), name.substring(0, name.length() - ".tar".length()) + "/");
    } else {
      visitor.leftOut(name, "is an archive in an archive in an archive");
    }
  }

  private static Optional<String> problem(TarArchiveEntry entry, String name) {
    Optional<String> kind =
        entry.isSymbolicLink() || entry.isLink()
            ? Optional.of("is a link")
            : entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()
                ? Optional.of("is a device or a pipe")
                : entry.isSparse() ? Optional.of("is a sparse file") : Optional.empty();
    return kind.or(() -> EntryName.problem(name));
  }

  private TarArchiveEntry next(TarArchiveInputStream tar, Slice slice) throws IOException {
    slice.allow(LONGEST_HEADER);
    try {
      TarArchiveEntry entry = tar.getNextTarEntry();
      if (entry != null && !entry.isCheckSumOK()) {
        throw new IOException("a header's checksum does not match");
      }
      return entry;
    } catch (IOException | RuntimeException e) {
      throw new ArchiveException(
          "[%s] is no tar or is damaged near byte %d: %s"
              .formatted(archive, slice.position(), e.getMessage()),
          e);
    }
  }

  /** A tar ends in records of zeros; one that was cut between two entries does not. */
  private void requireEnd(long offset, long bytes, String folder) throws IOException {
    byte[] last = new byte[RECORD];
    if (bytes >= RECORD) {
      in.readFully(offset + bytes - RECORD, last);
    }
    boolean zeros = bytes >= RECORD;
    for (byte value : last) {
      zeros &= value == 0;
    }
    if (!zeros) {
      throw new ArchiveException(
          "[%s] is no tar or is truncated:%s no end-of-archive record in %d bytes"
              .formatted(archive, folder.isEmpty() ? "" : " in " + folder, bytes));
    }
  }
}
