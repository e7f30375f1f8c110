package org.longmae.data.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor that is written: what it is, and where its elements come from, some at a time, so that
 * one of any size takes little memory. They are read twice: for the checksum and for the file.
 */
public record Tensor(TensorInfo info, Elements elements) {
  private static final int PIECE = 1 << 20;

  /** Where elements come from. */
  public interface Elements {
    /** Appends the elements from {@code offset} on that there is room for. */
    void read(long offset, ByteBuffer littleEndian) throws IOException;
  }

  /** Where floats come from. */
  public interface Floats {
    /** Fills the piece with the elements from {@code offset} on. */
    void read(long offset, float[] piece) throws IOException;
  }

  /** A tensor of floats. */
  public static Tensor of(TensorInfo info, Floats floats) {
    return new Tensor(
        info,
        (offset, buffer) -> {
          float[] piece = new float[buffer.remaining() / info.type().bytes()];
          floats.read(offset, piece);
          for (float value : piece) {
            info.type().encode(value, buffer);
          }
        });
  }

  /** A tensor of these floats. */
  public static Tensor of(String name, float[] values, long... shape) {
    return of(
        new TensorInfo(name, TensorType.F32, shape),
        (offset, piece) -> System.arraycopy(values, (int) offset, piece, 0, piece.length));
  }

  /** A tensor of these whole numbers, as I64. */
  public static Tensor of(String name, long[] values, long... shape) {
    return new Tensor(
        new TensorInfo(name, TensorType.I64, shape),
        (offset, buffer) -> {
          int from = (int) offset;
          int count = buffer.remaining() / Long.BYTES;
          Arrays.stream(values, from, from + count).forEach(buffer::putLong);
        });
  }

  /** Takes pieces of bytes. */
  interface Sink {
    void write(byte[] bytes) throws IOException;
  }

  /** Passes all elements on, in pieces. */
  void into(Sink sink) throws IOException {
    for (long done = 0; done < info.elements(); done += PIECE) {
      int count = (int) Math.min(PIECE, info.elements() - done);
      ByteBuffer buffer = ByteBuffer.allocate(count * info.type().bytes());
      elements.read(done, buffer.order(ByteOrder.LITTLE_ENDIAN));
      sink.write(buffer.array());
    }
  }
}
