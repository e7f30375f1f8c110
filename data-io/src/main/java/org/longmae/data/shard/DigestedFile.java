package org.longmae.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A new file that knows the digest of what is written to it. */
final class DigestedFile implements OutputFile, Closeable {
  private static final int BUFFER = 1 << 16;

  private final FileSystem fs;
  private final Path path;
  private final long blockSize;
  private final MessageDigest digest = Digests.sha256();
  private FSDataOutputStream out;
  private long written;
  private ByteArrayOutputStream held;

  /**
   * Makes the file when it is first written to.
   *
   * @param blockSize of the file system's blocks for this file
   */
  DigestedFile(FileSystem fs, Path path, long blockSize) {
    this.fs = fs;
    this.path = path;
    this.blockSize = blockSize;
  }

  /** Bytes written so far. */
  long written() {
    return written;
  }

  /** Keeps what is written from now on, until it is {@linkplain #release released}. */
  void hold() {
    held = new ByteArrayOutputStream();
  }

  /** What is kept. */
  byte[] held() {
    return held.toByteArray();
  }

  /** Writes in place of what was kept. */
  void release(byte[] bytes) throws IOException {
    written -= held.size();
    held = null;
    write(bytes, 0, bytes.length);
  }

  /** Digest of all that was written; to be asked once, at the end. */
  String sha256() {
    return Digests.hex(digest);
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    out = fs.create(path, false, BUFFER, fs.getDefaultReplication(path), blockSize);
    return new Stream();
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return create(blockSizeHint);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return blockSize;
  }

  /** Closes the file if it was made; closing it again does nothing. */
  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }

  private void write(byte[] bytes, int from, int length) throws IOException {
    written += length;
    if (held != null) {
      held.write(bytes, from, length);
      return;
    }
    out.write(bytes, from, length);
    digest.update(bytes, from, length);
  }

  private final class Stream extends PositionOutputStream {
    @Override
    public long getPos() {
      return written;
    }

    @Override
    public void write(int b) throws IOException {
      DigestedFile.this.write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      DigestedFile.this.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (held == null) {
        out.close();
      }
    }
  }
}
