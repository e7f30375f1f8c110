package org.longmae.data.tensor;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stretch of a file, read in order, that knows where in the file it is. */
final class PlacedInput {
  private static final int BUFFER = 1 << 16;

  private final FileBytes file;
  private final long end;
  private long position;
  private DataInputStream data;

  PlacedInput(FileBytes file, long position, long length) {
    this.file = file;
    this.end = position + length;
    seek(position);
  }

  /** Of the next byte, in the file. */
  long position() {
    return position;
  }

  /** To read from. */
  DataInputStream data() {
    return data;
  }

  /** The next bytes. */
  byte[] take(int bytes) throws IOException {
    if (bytes > end - position) {
      throw new EOFException();
    }
    byte[] taken = new byte[bytes];
    data.readFully(taken);
    return taken;
  }

  /** Leaves bytes out, without reading them. */
  void skip(long bytes) throws IOException {
    if (bytes < 0 || bytes > end - position) {
      throw new EOFException();
    }
    if (bytes < BUFFER) {
      take((int) bytes);
    } else {
      seek(position + bytes);
    }
  }

  private void seek(long to) {
    position = to;
    data = new DataInputStream(new Counted(new BufferedInputStream(new Stretch(to), BUFFER)));
  }

  /** Counts what is read, behind the buffer. */
  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      position += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      position += Math.max(0, read);
      return read;
    }
  }

  /** Reads the file, in pieces of a buffer. */
  private final class Stretch extends InputStream {
    private long next;

    Stretch(long from) {
      next = from;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read through a buffer");
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int count = (int) Math.min(length, end - next);
      if (count <= 0) {
        return -1;
      }
      byte[] piece = file.at(next, count);
      System.arraycopy(piece, 0, into, from, count);
      next += count;
      return count;
    }
  }
}
