package org.longmae.jobs.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.model.MaeEngine;
import org.longmae.model.StateVector;

/**
 * Moves an engine's state to and from chunk files: its vectors one after the other, floats
 * little-endian, at most 16 MiB a file. A chunk never holds floats of two vectors.
 */
public final class StateFiles {
  private static final int CHUNK_FLOATS = 4 << 20;

  private StateFiles() {}

  /**
   * Writes the engine's state into a folder; the caller commits it by writing the manifest.
   *
   * @return the files written, in order
   */
  public static List<Chunk> write(FileSystem fs, Path folder, MaeEngine engine) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (StateVector vector : engine.vectors()) {
      for (long offset = 0; offset < engine.stateLength(); offset += CHUNK_FLOATS) {
        byte[] bytes = floats(engine, vector, offset);
        String name = String.format("chunk-%04d", chunks.size());
        try (FSDataOutputStream out = fs.create(new Path(folder, name), true)) {
          out.write(bytes);
        }
        chunks.add(new Chunk(name, bytes.length, crc(bytes)));
      }
    }
    return chunks;
  }

  /**
   * Loads a committed state into the engine.
   *
   * @throws IOException if a chunk is missing or its bytes are not those that were written
   */
  public static void read(FileSystem fs, Path folder, StateManifest manifest, MaeEngine engine)
      throws IOException {
    if (manifest.length() != engine.stateLength()) {
      throw new IOException(
          String.format(
              "[%s] state must have %d parameters but had %d",
              folder, engine.stateLength(), manifest.length()));
    }
    long chunksOfAVector = (engine.stateLength() + CHUNK_FLOATS - 1) / CHUNK_FLOATS;
    if (manifest.chunks().size() != engine.vectors().size() * chunksOfAVector) {
      throw new IOException(
          String.format(
              "[%s] state must have %d chunks (of %s) but had %d",
              folder,
              engine.vectors().size() * chunksOfAVector,
              engine.vectors(),
              manifest.chunks().size()));
    }
    int next = 0;
    for (StateVector vector : engine.vectors()) {
      for (long offset = 0; offset < engine.stateLength(); offset += CHUNK_FLOATS) {
        byte[] bytes = verified(fs, folder, manifest.chunks().get(next++));
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        engine.write(vector, offset, floats);
      }
    }
  }

  /** Reads a chunk and compares its length and checksum with the manifest's. */
  static byte[] verified(FileSystem fs, Path folder, Chunk chunk) throws IOException {
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

  private static byte[] floats(MaeEngine engine, StateVector vector, long offset) {
    int count = (int) Math.min(CHUNK_FLOATS, engine.stateLength() - offset);
    float[] floats = new float[count];
    engine.read(vector, offset, floats);
    byte[] bytes = new byte[count * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    return bytes;
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }
}
