package org.longmae.data.archive;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lists a zip by its central directory, one entry in memory at a time, without touching contents.
 * Zip64 is understood (COCO's training pictures have 19 GB); encryption and several volumes are
 * not.
 *
 * <p>Own code because the JDK's reader needs a local file, and Commons Compress holds the whole
 * directory in memory and does not say where an entry's header is. Layout: <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>, 4.3.
 */
final class ZipListing {
  private static final int END = 0x06054b50;
  private static final int END_64_LOCATOR = 0x07064b50;
  private static final int END_64 = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int ENTRY_BYTES = 46;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_64 = 0xffffffffL;
  private static final int BUFFER = 1 << 16;

  private final String archive;
  private final FSDataInputStream in;
  private final long length;
  private final ArchiveLimits limits;
  private final EntryVisitor visitor;

  /**
   * Where the central directory lies.
   *
   * @param entries that it has, as 16 bits
   */
  private record Directory(long offset, long bytes, short entries) {}

  private ZipListing(
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
      new ZipListing(path.toString(), in, length, limits, visitor).list();
    }
  }

  private void list() throws IOException {
    Directory directory = directory();
    if (directory.offset < 0
        || directory.bytes < 0
        || directory.offset > length - directory.bytes) {
      throw damaged("its directory lies outside of its %d bytes".formatted(length));
    }
    Slice slice = new Slice(in, directory.offset, directory.bytes);
    DataInputStream entries = new DataInputStream(new BufferedInputStream(slice, BUFFER));
    long count = 0;
    long total = 0;
    for (long left = directory.bytes; left > 0; ) {
      ByteBuffer fixed = take(entries, ENTRY_BYTES);
      if (fixed.getInt(0) != ENTRY) {
        throw damaged("its directory has no entry where one must begin");
      }
      limits.checkCount(archive, ++count);
      Entry entry = entry(fixed, entries);
      total += entry.bytes;
      limits.checkTotal(archive, length, total);
      visit(entry);
      left -= entry.directoryBytes;
    }
    if ((short) count != directory.entries) {
      throw damaged("its directory has not as many entries as its end says");
    }
  }

  /** What the directory says of one entry. */
  private record Entry(
      byte[] name,
      int madeBy,
      int flags,
      int method,
      long crc32,
      long stored,
      long bytes,
      long header,
      int attributes,
      int directoryBytes) {
    /** File type bits that Unix tools store; 0 if there are none. */
    int unixType() {
      return madeBy >>> 8 == 3 ? attributes >>> 16 & 0xf000 : 0;
    }
  }

  private Entry entry(ByteBuffer fixed, DataInputStream entries) throws IOException {
    byte[] name = take(entries, fixed.getShort(28) & 0xffff).array();
    ByteBuffer extra = take(entries, fixed.getShort(30) & 0xffff);
    ByteBuffer comment = take(entries, fixed.getShort(32) & 0xffff);
    long[] sizes = {fixed.getInt(24) & IN_64, fixed.getInt(20) & IN_64, fixed.getInt(42) & IN_64};
    readLarge(sizes, extra);
    for (long size : sizes) {
      if (size < 0 || sizes[2] > length) {
        throw damaged("an entry has a size or place that cannot be");
      }
    }
    return new Entry(
        name,
        fixed.getShort(4) & 0xffff,
        fixed.getShort(8),
        fixed.getShort(10) & 0xffff,
        fixed.getInt(16) & IN_64,
        sizes[1],
        sizes[0],
        sizes[2],
        fixed.getInt(38),
        ENTRY_BYTES + name.length + extra.capacity() + comment.capacity());
  }

  /** Zip64: sizes that do not fit into 32 bits stand in an extra field, in this order. */
  private static void readLarge(long[] sizes, ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xffff;
      int size = Math.min(extra.getShort() & 0xffff, extra.remaining());
      int next = extra.position() + size;
      for (int i = 0; id == 1 && i < sizes.length; i++) {
        if (sizes[i] == IN_64 && next - extra.position() >= Long.BYTES) {
          sizes[i] = extra.getLong();
        }
      }
      extra.position(next);
    }
  }

  private void visit(Entry entry) {
    String clean = EntryName.clean(EntryName.text(entry.name));
    if (clean.endsWith("/")) {
      return;
    }
    Optional<String> problem = kindProblem(entry).or(() -> EntryName.problem(clean));
    if (problem.isPresent()) {
      visitor.leftOut(EntryName.printable(clean), problem.get());
    } else {
      visitor.file(
          clean,
          new StoredFile.Zipped(
              archive, entry.header, entry.stored, entry.bytes, entry.method == 8, entry.crc32));
    }
  }

  private Optional<String> kindProblem(Entry entry) {
    if (entry.unixType() == 0xa000) {
      return Optional.of("is a link");
    }
    if (entry.unixType() != 0 && entry.unixType() != 0x8000) {
      return Optional.of("is a device or a pipe");
    }
    if ((entry.flags & 1) != 0) {
      return Optional.of("is encrypted");
    }
    if (entry.method != 0 && entry.method != 8) {
      return Optional.of(
          "is compressed by method %d; only stored (0) and deflated (8) are read"
              .formatted(entry.method));
    }
    if (entry.stored > length - entry.header || entry.method == 0 && entry.stored != entry.bytes) {
      return Optional.of("has a size that cannot be");
    }
    if (limits.exceeded(entry.stored, entry.bytes)) {
      return Optional.of(
          "unpacks %d bytes to %d, above --max-archive-ratio %d"
              .formatted(entry.stored, entry.bytes, limits.ratio()));
    }
    return Optional.empty();
  }

  private Directory directory() throws IOException {
    int tail = (int) Math.min(length, END_BYTES + LONGEST_COMMENT);
    ByteBuffer end = at(length - tail, tail);
    int place = tail - END_BYTES;
    while (place >= 0 && !isEnd(end, place)) {
      place--;
    }
    if (place < 0) {
      throw damaged("it has no end-of-directory record");
    }
    if (end.getShort(place + 4) != 0 && end.getShort(place + 4) != -1) {
      throw damaged("it is one volume of several");
    }
    long from = length - tail + place;
    return large(from)
        .orElse(
            new Directory(
                end.getInt(place + 16) & IN_64,
                end.getInt(place + 12) & IN_64,
                end.getShort(place + 10)));
  }

  /** A comment may hold what looks like the record; the true one's comment ends the file. */
  private static boolean isEnd(ByteBuffer tail, int place) {
    return tail.getInt(place) == END
        && (tail.getShort(place + 20) & 0xffff) == tail.capacity() - place - END_BYTES;
  }

  private Optional<Directory> large(long end) throws IOException {
    if (end < LOCATOR_BYTES) {
      return Optional.empty();
    }
    ByteBuffer locator = at(end - LOCATOR_BYTES, LOCATOR_BYTES);
    if (locator.getInt(0) != END_64_LOCATOR) {
      return Optional.empty();
    }
    long place = locator.getLong(8);
    if (place < 0 || place > end - END_64_BYTES) {
      throw damaged("its zip64 record lies outside");
    }
    ByteBuffer record = at(place, END_64_BYTES);
    if (record.getInt(0) != END_64) {
      throw damaged("it has no zip64 record where one must be");
    }
    return Optional.of(
        new Directory(record.getLong(48), record.getLong(40), (short) record.getLong(32)));
  }

  private ByteBuffer at(long offset, int bytes) throws IOException {
    byte[] array = new byte[bytes];
    in.readFully(offset, array);
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer take(DataInputStream entries, int bytes) throws IOException {
    byte[] array = new byte[bytes];
    try {
      entries.readFully(array);
    } catch (EOFException e) {
      throw damaged("its directory ends in the middle of an entry");
    }
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ArchiveException damaged(String reason) {
    return new ArchiveException("[%s] is no zip or is damaged: %s".formatted(archive, reason));
  }
}
