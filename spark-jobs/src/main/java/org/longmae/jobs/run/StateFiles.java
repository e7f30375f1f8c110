package org.longmae.jobs.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.model.StateVector;
import org.longmae.model.TrainingEngine;

/**
 * Moves a state to and from chunk files, floats little-endian, a {@link StatePart} a file.
 *
 * <p>File names end in the writer's name, which no two attempts at a task share: a task that is run
 * twice, by a retry, by speculation or by a driver that was given up, never touches a file that a
 * manifest names.
 */
public final class StateFiles {
  private StateFiles() {}

  /**
   * Writes the engine's state into a folder; the caller commits it by writing the manifest.
   *
   * @param writer of this attempt alone
   * @return the files written, in order
   */
  public static List<Chunk> write(FileSystem fs, Path folder, TrainingEngine engine, String writer)
      throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (StatePart part : StatePart.of(engine.vectors(), engine.stateLength())) {
      chunks.add(write(fs, folder, part, bytes(read(engine, part)), writer));
    }
    return chunks;
  }

  /**
   * Writes one part.
   *
   * @throws IOException if it cannot be written; the message says how much was to be, and how much
   *     there is room for
   */
  public static Chunk write(FileSystem fs, Path folder, StatePart part, byte[] bytes, String writer)
      throws IOException {
    String name = String.format("%s-%04d-%s", prefix(part.vector()), part.index(), writer);
    Path file = new Path(folder, name);
    try (FSDataOutputStream out = fs.create(file, true)) {
      out.write(bytes);
      out.hsync();
    } catch (IOException e) {
      throw new IOException(
          String.format(
              "[%s] Cannot write %d bytes of state (%d bytes are free): %s",
              file, bytes.length, fs.getStatus(file).getRemaining(), e.getMessage()),
          e);
    }
    return new Chunk(name, part.vector(), part.offset(), bytes.length, crc(bytes));
  }

  /** Momentum is numbered beside the parameters' parts that it belongs to. */
  private static String prefix(StateVector vector) {
    return vector == StateVector.OUTER_MOMENTUM ? "momentum" : "chunk";
  }

  /**
   * Loads a committed state into the engine.
   *
   * @param mayBeAbsent vectors that the state need not have; they become zeros
   * @throws IOException if a chunk is missing or its bytes are not those that were written
   */
  public static void read(
      FileSystem fs,
      Path folder,
      StateManifest manifest,
      TrainingEngine engine,
      Set<StateVector> mayBeAbsent)
      throws IOException {
    if (manifest.length() != engine.stateLength()) {
      throw new IOException(
          String.format(
              "[%s] state must have %d parameters but had %d",
              folder, engine.stateLength(), manifest.length()));
    }
    for (StateVector vector : engine.vectors()) {
      List<Chunk> chunks = manifest.chunks(vector);
      if (chunks.isEmpty() && mayBeAbsent.contains(vector)) {
        clear(engine, vector);
      } else {
        requireWhole(folder, manifest, vector);
        for (Chunk chunk : chunks) {
          engine.write(vector, chunk.offset(), floats(verified(fs, folder, chunk)));
        }
      }
    }
  }

  private static void requireWhole(Path folder, StateManifest manifest, StateVector vector)
      throws IOException {
    long end = 0;
    for (Chunk chunk : manifest.chunks(vector)) {
      end = chunk.offset() == end ? end + chunk.bytes() / Float.BYTES : Long.MIN_VALUE;
    }
    if (end != manifest.length()) {
      throw new IOException(
          String.format(
              "[%s] state must have all %d floats of %s but had %d chunks of it",
              folder, manifest.length(), vector, manifest.chunks(vector).size()));
    }
  }

  private static void clear(TrainingEngine engine, StateVector vector) {
    for (StatePart part : StatePart.of(List.of(vector), engine.stateLength())) {
      engine.write(vector, part.offset(), new float[part.floats()]);
    }
  }

  /**
   * Reads a chunk and compares its length and checksum with the manifest's.
   *
   * @throws IOException if they are not the same
   */
  public static byte[] verified(FileSystem fs, Path folder, Chunk chunk) throws IOException {
    Path file = new Path(folder, chunk.name());
    byte[] bytes = new byte[(int) chunk.bytes()];
    try (FSDataInputStream in = fs.open(file)) {
      in.readFully(0, bytes);
    }
    long found = crc(bytes);
    if (found != chunk.crc32c()) {
      throw new IOException(
          String.format(
              "[%s] Cannot read state: expected checksum %08x but was %08x",
              file, chunk.crc32c(), found));
    }
    return bytes;
  }

  /** A part of the engine's state. */
  public static float[] read(TrainingEngine engine, StatePart part) {
    float[] floats = new float[part.floats()];
    engine.read(part.vector(), part.offset(), floats);
    return floats;
  }

  /** Floats as they lie in files. */
  public static byte[] bytes(float[] floats) {
    byte[] bytes = new byte[floats.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    return bytes;
  }

  /** The reverse of {@link #bytes}. */
  public static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }
}
