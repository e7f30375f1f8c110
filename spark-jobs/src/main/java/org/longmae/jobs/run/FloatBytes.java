package org.longmae.jobs.run;

import java.io.DataInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.zip.Checksum;

/**
 * Floats as they lie in files and go between workers: little-endian.
 *
 * <p>Streams are written and read in pieces that stay in a core's cache: a part of a state is never
 * held a second time as bytes.
 */
public final class FloatBytes {
  private static final int PIECE = 1 << 16;

  private FloatBytes() {}

  /** Gives floats piece by piece. */
  public interface Source {
    /** Copies the next floats, as many as {@code into} has, from float {@code offset} on. */
    void read(int offset, float[] into);
  }

  /**
   * Writes floats.
   *
   * @param sum of the bytes that are written; updated
   */
  public static void write(float[] floats, OutputStream out, Checksum sum) throws IOException {
    byte[] piece = new byte[Math.min(PIECE, floats.length) * Float.BYTES];
    FloatBuffer view = view(piece);
    for (int from = 0; from < floats.length; from += PIECE) {
      int count = Math.min(PIECE, floats.length - from);
      view.put(0, floats, from, count);
      sum.update(piece, 0, count * Float.BYTES);
      out.write(piece, 0, count * Float.BYTES);
    }
  }

  /**
   * Writes {@code count} floats of a source.
   *
   * @param sum of the bytes that are written; updated
   */
  public static void write(Source source, int count, OutputStream out, Checksum sum)
      throws IOException {
    float[] floats = new float[Math.min(PIECE, count)];
    byte[] piece = new byte[floats.length * Float.BYTES];
    for (int from = 0; from < count; from += PIECE) {
      if (count - from < floats.length) {
        floats = new float[count - from];
      }
      source.read(from, floats);
      view(piece).put(floats);
      sum.update(piece, 0, floats.length * Float.BYTES);
      out.write(piece, 0, floats.length * Float.BYTES);
    }
  }

  /**
   * Reads floats until the array is full.
   *
   * @param sum of the bytes that are read; updated
   */
  public static void read(DataInput in, float[] into, Checksum sum) throws IOException {
    byte[] piece = new byte[Math.min(PIECE, into.length) * Float.BYTES];
    FloatBuffer view = view(piece);
    for (int from = 0; from < into.length; from += PIECE) {
      int count = Math.min(PIECE, into.length - from);
      in.readFully(piece, 0, count * Float.BYTES);
      sum.update(piece, 0, count * Float.BYTES);
      view.get(0, into, from, count);
    }
  }

  /** All of an array's bytes. */
  public static byte[] of(float[] floats) {
    byte[] bytes = new byte[floats.length * Float.BYTES];
    view(bytes).put(floats);
    return bytes;
  }

  /** The reverse of {@link #of}. */
  public static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    view(bytes).get(floats);
    return floats;
  }

  private static FloatBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
