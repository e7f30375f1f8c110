package org.longmae.jobs.plan;

import java.util.List;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;

/**
 * What a run trains on, as far as a plan goes into it.
 *
 * @param pictures in an epoch
 * @param groupBytes of a row group, the pictures that are read at a time, as they are stored
 */
public record TrainingSet(long pictures, long groupBytes) {
  /** 100 pictures of ImageNet: its 1,281,167 for training are a tar of 147.9 GB. */
  private static final long USUAL_GROUP_BYTES = 11_500_000;

  /** A set of which no more is known than how many pictures it has. */
  public static TrainingSet of(long pictures) {
    return new TrainingSet(pictures, USUAL_GROUP_BYTES);
  }

  /** The training pictures of a shard set. */
  public static TrainingSet of(ShardManifest manifest) {
    List<ShardFile> files =
        manifest.files().stream().filter(file -> file.split().equals(ShardPlan.TRAIN)).toList();
    long groups = files.stream().mapToLong(file -> file.rowGroups().size()).sum();
    long bytes = files.stream().mapToLong(ShardFile::bytes).sum();
    return new TrainingSet(manifest.rows(ShardPlan.TRAIN), bytes / Math.max(1, groups));
  }
}
