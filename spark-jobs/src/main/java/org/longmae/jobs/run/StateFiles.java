package org.longmae.jobs.run;

import java.io.IOException;
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
  public static List<Chunk> write(
      FileSystem fs, Path folder, TrainingEngine engine, String writer, Durability durability)
      throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (StatePart part : StatePart.of(engine.vectors(), engine.stateLength())) {
      float[] floats = new float[part.floats()];
      engine.read(part.vector(), part.offset(), floats);
      chunks.add(write(fs, folder, part, floats, writer, durability));
    }
    return chunks;
  }

  /**
   * Writes one part.
   *
   * @throws IOException if it cannot be written; the message says how much was to be, and how much
   *     there is room for
   */
  public static Chunk write(
      FileSystem fs,
      Path folder,
      StatePart part,
      float[] floats,
      String writer,
      Durability durability)
      throws IOException {
    String name = String.format("%s-%04d-%s", prefix(part.vector()), part.index(), writer);
    Path file = new Path(folder, name);
    long bytes = (long) floats.length * Float.BYTES;
    CRC32C sum = new CRC32C();
    try (FSDataOutputStream out = fs.create(file, true)) {
      FloatBytes.write(floats, out, sum);
      if (durability == Durability.FORCED) {
        out.hsync();
      }
    } catch (IOException e) {
      throw new IOException(
          String.format(
              "[%s] Cannot write %d bytes of state (%d bytes are free): %s",
              file, bytes, fs.getStatus(file).getRemaining(), e.getMessage()),
          e);
    }
    return new Chunk(name, part.vector(), part.offset(), bytes, sum.getValue());
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
          engine.write(vector, chunk.offset(), read(fs, folder, chunk));
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
  public static float[] read(FileSystem fs, Path folder, Chunk chunk) throws IOException {
    Path file = new Path(folder, chunk.name());
    float[] floats = new float[(int) (chunk.bytes() / Float.BYTES)];
    CRC32C sum = new CRC32C();
    try (FSDataInputStream in = fs.open(file)) {
      FloatBytes.read(in, floats, sum);
    }
    if (sum.getValue() != chunk.crc32c()) {
      throw new IOException(
          String.format(
              "[%s] Cannot read state: expected checksum %08x but was %08x",
              file, chunk.crc32c(), sum.getValue()));
    }
    return floats;
  }
}
