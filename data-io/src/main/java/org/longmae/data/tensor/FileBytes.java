package org.longmae.data.tensor;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;

/** An open file that is read at places. */
record FileBytes(String path, FSDataInputStream in, long length) {
  private static final int PIECE = 1 << 20;

  /** Takes pieces of bytes. */
  interface Sink {
    void write(byte[] bytes, int from, int length) throws IOException;
  }

  /** Some bytes; the caller has seen that they are few. */
  byte[] at(long position, int bytes) throws IOException {
    byte[] read = new byte[bytes];
    readInto(position, read, bytes);
    return read;
  }

  /** Passes a stretch on, in pieces. */
  void pass(long position, long bytes, Sink sink) throws IOException {
    byte[] piece = new byte[(int) Math.min(PIECE, bytes)];
    for (long done = 0; done < bytes; done += piece.length) {
      int count = (int) Math.min(piece.length, bytes - done);
      readInto(position + done, piece, count);
      sink.write(piece, 0, count);
    }
  }

  private void readInto(long position, byte[] into, int bytes) throws IOException {
    if (position < 0 || bytes > length - position) {
      throw damaged(position, "%d bytes must follow but the file ends".formatted(bytes));
    }
    try {
      in.readFully(position, into, 0, bytes);
    } catch (EOFException e) {
      throw damaged(position, "%d bytes must follow but the file ends".formatted(bytes));
    }
  }

  /** What is wrong at a byte. */
  TensorFileException damaged(long position, String reason) {
    return new TensorFileException("[%s, byte %d] %s".formatted(path, position, reason));
  }
}
