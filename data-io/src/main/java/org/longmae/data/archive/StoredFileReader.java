package org.longmae.data.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads stored files. Archives stay open between reads, a few at a time: opening one asks the name
 * node. Not for several threads at once.
 */
public final class StoredFileReader implements Closeable {
  private static final int MOST_OPEN = 8;
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int BUFFER = 1 << 16;

  private final Configuration hadoop;
  private final Map<String, FSDataInputStream> open = new LinkedHashMap<>(16, 0.75f, true);

  /** Reads from any file system of a configuration. */
  public StoredFileReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * The content, whole; the caller has looked at its length.
   *
   * @throws java.io.FileNotFoundException if the file is not there any more
   * @throws DamagedEntryException if the file is not as long as it was when it was listed, or the
   *     archive does not hold what its directory says
   */
  public byte[] read(StoredFile file) throws IOException {
    if (file instanceof StoredFile.Whole) {
      return readWhole(file);
    }
    if (file instanceof StoredFile.Stretch stretch) {
      return at(opened(file), stretch.offset(), Math.toIntExact(stretch.bytes()));
    }
    return unzip((StoredFile.Zipped) file);
  }

  /** The content as a stream, for files of any length; the caller closes it. */
  public static InputStream stream(Configuration hadoop, StoredFile file) throws IOException {
    Path path = new Path(file.path());
    FSDataInputStream in = path.getFileSystem(hadoop).open(path);
    if (file instanceof StoredFile.Whole) {
      return in;
    }
    if (file instanceof StoredFile.Stretch stretch) {
      return closing(new BufferedInputStream(slice(in, stretch.offset(), stretch.bytes())), in);
    }
    StoredFile.Zipped zipped = (StoredFile.Zipped) file;
    InputStream stored =
        new BufferedInputStream(slice(in, dataOffset(in, zipped), zipped.stored()), BUFFER);
    if (!zipped.deflated()) {
      return closing(stored, in);
    }
    Inflater inflater = new Inflater(true);
    InputStream inflated = new InflaterInputStream(stored, inflater, BUFFER);
    return new FilterInputStream(inflated) {
      @Override
      public void close() throws IOException {
        inflater.end();
        in.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    for (FSDataInputStream in : open.values()) {
      in.close();
    }
    open.clear();
  }

  /** Without asking for the length, which would take as long as reading a small file. */
  private byte[] readWhole(StoredFile file) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.bytes())];
    try (FSDataInputStream in = fs(file).open(new Path(file.path()))) {
      int read = in.readNBytes(bytes, 0, bytes.length);
      if (read < bytes.length || in.read() >= 0) {
        throw new DamagedEntryException(
            "file has changed: had %d bytes when it was listed".formatted(bytes.length));
      }
    }
    return bytes;
  }

  private byte[] unzip(StoredFile.Zipped file) throws IOException {
    FSDataInputStream in = opened(file);
    // Deflate adds five bytes to each 64 KiB that it cannot shrink; much more is a lie.
    if (file.stored() > file.bytes() + file.bytes() / 64 + BUFFER) {
      throw new DamagedEntryException(
          "damaged in its zip: %d bytes cannot take %d".formatted(file.bytes(), file.stored()));
    }
    byte[] stored = at(in, dataOffset(in, file), Math.toIntExact(file.stored()));
    byte[] content = file.deflated() ? inflate(stored, Math.toIntExact(file.bytes())) : stored;
    CRC32 crc = new CRC32();
    crc.update(content);
    if (content.length != file.bytes() || crc.getValue() != file.crc32()) {
      throw new DamagedEntryException(
          "damaged in its zip: CRC-32 must be %08x but was %08x"
              .formatted(file.crc32(), crc.getValue()));
    }
    return content;
  }

  private static byte[] inflate(byte[] stored, int bytes) throws DamagedEntryException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      // One byte more than stated, to see whether there is more.
      byte[] content = new byte[bytes + 1];
      int length = 0;
      int read;
      do {
        read = inflater.inflate(content, length, content.length - length);
        length += read;
      } while (read > 0 && length < content.length);
      if (length != bytes) {
        throw new DamagedEntryException(
            "damaged in its zip: must unpack to %d bytes but gave %s"
                .formatted(bytes, length < bytes ? String.valueOf(length) : "more"));
      }
      return Arrays.copyOf(content, bytes);
    } catch (DataFormatException e) {
      throw new DamagedEntryException("damaged in its zip: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  /**
   * Where an entry's stored bytes begin. The local header repeats the entry's name; its extra field
   * may differ from the directory's.
   *
   * @throws DamagedEntryException if there is no local header
   */
  public static long dataOffset(FSDataInputStream in, StoredFile.Zipped file) throws IOException {
    ByteBuffer header =
        ByteBuffer.wrap(at(in, file.header(), LOCAL_HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != LOCAL_HEADER) {
      throw new DamagedEntryException(
          "damaged in its zip: no header at byte %d".formatted(file.header()));
    }
    return file.header()
        + LOCAL_HEADER_BYTES
        + (header.getShort(26) & 0xffff)
        + (header.getShort(28) & 0xffff);
  }

  private static byte[] at(FSDataInputStream in, long offset, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    try {
      in.readFully(offset, content);
    } catch (EOFException e) {
      throw new DamagedEntryException(
          "the archive ends before byte %d of it".formatted(offset + bytes));
    }
    return content;
  }

  private FSDataInputStream opened(StoredFile file) throws IOException {
    FSDataInputStream in = open.get(file.path());
    if (in == null) {
      if (open.size() == MOST_OPEN) {
        open.remove(open.keySet().iterator().next()).close();
      }
      in = fs(file).open(new Path(file.path()));
      open.put(file.path(), in);
    }
    return in;
  }

  private FileSystem fs(StoredFile file) throws IOException {
    return new Path(file.path()).getFileSystem(hadoop);
  }

  private static Slice slice(FSDataInputStream in, long offset, long bytes) {
    return new Slice(in, offset, bytes);
  }

  private static InputStream closing(InputStream content, FSDataInputStream in) {
    return new FilterInputStream(content) {
      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
