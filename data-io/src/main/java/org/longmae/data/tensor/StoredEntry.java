package org.longmae.data.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.archive.ArchiveException;
import org.longmae.data.archive.ArchiveKind;
import org.longmae.data.archive.ArchiveLimits;
import org.longmae.data.archive.DamagedEntryException;
import org.longmae.data.archive.EntryVisitor;
import org.longmae.data.archive.StoredFile;
import org.longmae.data.archive.StoredFileReader;

/**
 * An entry of a zip whose bytes stand in it as they are, as PyTorch and {@code numpy.savez} write
 * them.
 *
 * @param position of its first byte, in the zip
 */
record StoredEntry(long position, long bytes) {
  /** A model has some hundreds of tensors, its optimiser's state two for each. */
  private static final ArchiveLimits LIMITS = new ArchiveLimits(100_000, 1);

  /** Where in its local header an entry's name is. */
  private static final int NAME = 30;

  /**
   * The entries of a zip by their names, each held to its checksum.
   *
   * @throws TensorFileException if the zip is damaged, or an entry compressed
   */
  static Map<String, StoredEntry> of(FileSystem fs, Path path, FileBytes file) throws IOException {
    Map<String, StoredFile.Zipped> listed = new LinkedHashMap<>();
    try {
      ArchiveKind.ZIP.list(fs, path, LIMITS, new Listing(file, listed));
    } catch (ArchiveException e) {
      throw new TensorFileException(e.getMessage());
    } catch (Refused e) {
      throw e.why;
    }
    Map<String, StoredEntry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, StoredFile.Zipped> entry : listed.entrySet()) {
      entries.put(entry.getKey(), checked(file, entry.getKey(), entry.getValue()));
    }
    return entries;
  }

  private static StoredEntry checked(FileBytes file, String name, StoredFile.Zipped zipped)
      throws IOException {
    if (zipped.deflated()) {
      throw file.damaged(
          zipped.header(), "entry %s must be stored but is deflated".formatted(name));
    }
    long position = position(file, zipped);
    byte[] own = name.getBytes(StandardCharsets.UTF_8);
    long place = zipped.header() + NAME;
    if (!Arrays.equals(file.at(place, own.length), own)) {
      throw file.damaged(
          place, "the directory's name %s must be the entry's own but is not".formatted(name));
    }
    CRC32 crc = new CRC32();
    file.pass(position, zipped.bytes(), crc::update);
    if (crc.getValue() != zipped.crc32()) {
      throw file.damaged(
          position,
          "CRC-32 of entry %s must be %08x but was %08x"
              .formatted(name, zipped.crc32(), crc.getValue()));
    }
    return new StoredEntry(position, zipped.bytes());
  }

  private static long position(FileBytes file, StoredFile.Zipped zipped) throws IOException {
    try {
      return StoredFileReader.dataOffset(file.in(), zipped);
    } catch (DamagedEntryException e) {
      throw file.damaged(zipped.header(), e.getMessage());
    }
  }

  /** Collects entries; one that cannot be read is the end, since a tensor would be missing. */
  private record Listing(FileBytes file, Map<String, StoredFile.Zipped> entries)
      implements EntryVisitor {
    @Override
    public void file(String name, StoredFile stored) {
      StoredFile.Zipped zipped = (StoredFile.Zipped) stored;
      if (entries.put(name, zipped) != null) {
        throw new Refused(file.damaged(zipped.header(), "has two entries of the name " + name));
      }
    }

    @Override
    public void leftOut(String name, String reason) {
      throw new Refused(file.damaged(0, "entry %s %s".formatted(name, reason)));
    }
  }

  /** Carries a reason out of the listing. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient TensorFileException why;

    Refused(TensorFileException why) {
      super(why);
      this.why = why;
    }
  }
}
