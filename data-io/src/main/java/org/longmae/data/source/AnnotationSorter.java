package org.longmae.data.source;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.hadoop.fs.Path;

/**
 * Sorts annotations by picture, outside of memory: annotation files are sorted otherwise, and Open
 * Images' do not fit. Records are collected up to a number of bytes, sorted, written as a run; in
 * the end all runs are merged into one file, in which each picture's records lie together, in the
 * order they were added in.
 *
 * <p>Memory: the buffer, 48 MiB while it grows to 32, and 12 bytes a picture.
 */
final class AnnotationSorter implements Closeable {
  private static final int BUFFER = 32 << 20;
  private static final int STREAM_BUFFER = 1 << 16;

  private final Workspace work;
  private final List<SourceFile> pictures;
  private final int limit;
  private final List<Path> runs = new ArrayList<>();
  private byte[] buffer = new byte[1 << 16];
  private int used;

  /** Pictures in the upper half, offsets in the buffer in the lower: sorting keeps the order. */
  private long[] order = new long[1 << 10];

  private int count;

  AnnotationSorter(Workspace work, List<SourceFile> pictures) {
    this(work, pictures, BUFFER);
  }

  AnnotationSorter(Workspace work, List<SourceFile> pictures, int limit) {
    this.work = work;
    this.pictures = pictures;
    this.limit = limit;
  }

  /** Adds a record of {@link AnnotationCodec} to a picture. */
  void add(int picture, byte[] record) throws IOException {
    if (used > 0 && used + record.length > limit) {
      spill();
    }
    if (used + record.length > buffer.length) {
      int grown = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * (used + record.length));
      buffer = Arrays.copyOf(buffer, Math.max(used + record.length, Math.min(grown, limit)));
    }
    if (count == order.length) {
      order = Arrays.copyOf(order, 2 * count);
    }
    System.arraycopy(record, 0, buffer, used, record.length);
    order[count++] = (long) picture << 32 | used;
    used += record.length;
  }

  /**
   * Writes the sorted file; nothing can be added any more.
   *
   * @throws SourceException if a picture has two records of one kind and id
   */
  AnnotationFile finish() throws IOException {
    spill();
    buffer = new byte[0];
    order = new long[0];
    Path target = work.file("annotations");
    AnnotationFile.Builder file = new AnnotationFile.Builder(target.toString(), pictures);
    List<Run> open = new ArrayList<>();
    try (DataOutputStream out = create(target)) {
      PriorityQueue<Run> queue = new PriorityQueue<>();
      for (Path path : runs) {
        Run run = new Run(open(path), open.size());
        open.add(run);
        if (run.next()) {
          queue.add(run);
        }
      }
      while (!queue.isEmpty()) {
        Run run = queue.poll();
        file.add(run.picture, run.record);
        out.write(run.record);
        if (run.next()) {
          queue.add(run);
        }
      }
    } finally {
      for (Run run : open) {
        run.in.close();
      }
    }
    return file.build();
  }

  /** Removes the runs. */
  @Override
  public void close() throws IOException {
    for (Path run : runs) {
      work.fs().delete(run, false);
    }
  }

  private void spill() throws IOException {
    if (count == 0) {
      return;
    }
    Path path = work.file("annotations-" + runs.size());
    runs.add(path);
    Arrays.sort(order, 0, count);
    try (DataOutputStream out = create(path)) {
      for (int i = 0; i < count; i++) {
        int at = (int) order[i];
        out.writeInt((int) (order[i] >>> 32));
        out.write(buffer, at, length(at));
      }
    }
    used = 0;
    count = 0;
  }

  /** A record begins with its length. */
  private int length(int at) {
    return ByteBuffer.wrap(buffer).getInt(at);
  }

  private DataOutputStream create(Path path) throws IOException {
    return new DataOutputStream(
        new BufferedOutputStream(work.fs().create(path, true), STREAM_BUFFER));
  }

  private DataInputStream open(Path path) throws IOException {
    return new DataInputStream(new BufferedInputStream(work.fs().open(path), STREAM_BUFFER));
  }

  /** A run while it is merged; earlier runs come first where they have the same picture. */
  private static final class Run implements Comparable<Run> {
    private final DataInputStream in;
    private final int number;
    private int picture;
    private byte[] record;

    Run(DataInputStream in, int number) {
      this.in = in;
      this.number = number;
    }

    boolean next() throws IOException {
      int first = in.read();
      if (first < 0) {
        return false;
      }
      picture = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int length = in.readInt();
      record = new byte[length];
      ByteBuffer.wrap(record).putInt(length);
      in.readFully(record, Integer.BYTES, length - Integer.BYTES);
      return true;
    }

    @Override
    public int compareTo(Run other) {
      return picture != other.picture
          ? Integer.compare(picture, other.picture)
          : Integer.compare(number, other.number);
    }
  }
}
