package org.longmae.jobs.run;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.longmae.model.StateVector;

/**
 * Names what a committed restart state consists of. Its presence is the commit.
 *
 * @param round rounds that the state has seen
 * @param step optimiser steps that the state has seen
 * @param length floats of each vector
 * @param chunks the files, vector by vector; a vector that has none is all zeros
 * @param durability of the files
 */
public record StateManifest(
    int round, long step, long length, List<Chunk> chunks, Durability durability)
    implements Serializable {
  /**
   * One file of a state: a part of one vector.
   *
   * @param name file name beside the manifest
   * @param vector that it is a part of
   * @param offset of its first float in the vector
   * @param bytes its length
   * @param crc32c checksum of its bytes
   */
  public record Chunk(String name, StateVector vector, long offset, long bytes, long crc32c)
      implements Serializable {
    public Chunk {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(vector, "vector");
    }
  }

  public StateManifest {
    chunks = List.copyOf(chunks);
    // States of before do not say; they were.
    durability = durability == null ? Durability.FORCED : durability;
  }

  /** The chunks of a vector, in order. */
  public List<Chunk> chunks(StateVector vector) {
    return chunks.stream().filter(chunk -> chunk.vector() == vector).toList();
  }
}
