package org.longmae.jobs.run;

import java.io.Serializable;
import java.util.List;

/**
 * Names what a committed restart state consists of. Its presence is the commit.
 *
 * @param round rounds that the state has seen
 * @param step optimiser steps that the state has seen
 * @param length floats of each vector: parameters, first moment, second moment and, where there is
 *     one, the average
 * @param chunks the files, in order; their contents, one after the other, are the vectors
 */
public record StateManifest(int round, long step, long length, List<Chunk> chunks)
    implements Serializable {
  /**
   * One file of a state.
   *
   * @param name file name beside the manifest
   * @param bytes its length
   * @param crc32c checksum of its bytes
   */
  public record Chunk(String name, long bytes, long crc32c) implements Serializable {}

  public StateManifest {
    chunks = List.copyOf(chunks);
  }
}
