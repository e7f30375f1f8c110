package org.longmae.data.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A stretch of an open file as a stream that knows where it is. Skipping costs no reading. Several
 * slices may share one file, if not at the same time; none closes it.
 */
final class Slice extends InputStream {
  private final FSDataInputStream file;
  private final long end;
  private long position;
  private long readable = Long.MAX_VALUE;

  Slice(FSDataInputStream file, long offset, long bytes) {
    this.file = file;
    this.position = offset;
    this.end = offset + bytes;
  }

  /** Offset in the file of the next byte. */
  long position() {
    return position;
  }

  /** From here on, at most so many bytes are read; skipping is free. */
  void allow(long bytes) {
    readable = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position >= end) {
      return -1;
    }
    if (readable <= 0) {
      throw new IOException("an entry's header must be short but goes on and on");
    }
    if (file.getPos() != position) {
      file.seek(position);
    }
    int most = (int) Math.min(Math.min(length, end - position), readable);
    int read = file.read(buffer, from, most);
    if (read > 0) {
      position += read;
      readable -= read;
    }
    return read;
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.max(0, Math.min(bytes, end - position));
    position += skipped;
    return skipped;
  }
}
