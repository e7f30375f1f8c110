package org.longmae.data.shard;

import java.io.Serializable;
import java.util.List;

/**
 * A finished shard file, as the manifest lists it.
 *
 * @param name file name below the shard set's folder
 * @param split the split it belongs to
 * @param rowGroups rows of each row group
 * @param firstId id of the first planned picture; ids ascend in the file
 * @param bytes length of the file
 * @param sha256 of the file, in hex
 */
public record ShardFile(
    String name, String split, List<Integer> rowGroups, long firstId, long bytes, String sha256)
    implements Serializable {
  public ShardFile {
    rowGroups = List.copyOf(rowGroups);
  }

  /** Rows in all. */
  public int rows() {
    return rowGroups.stream().mapToInt(Integer::intValue).sum();
  }
}
