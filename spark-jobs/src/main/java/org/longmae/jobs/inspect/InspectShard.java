package org.longmae.jobs.inspect;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.shard.ShardFile;
import org.longmae.data.shard.ShardReader;
import org.longmae.data.shard.ShardRow;
import org.longmae.data.shard.ShardVerification;

/** What an executor looks at of one shard file; it holds one row group at a time. */
final class InspectShard implements Function<ShardFile, ShardSummary> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final String directory;
  private final boolean verify;
  private final int decoded;

  /**
   * Prepares the tasks.
   *
   * @param decoded pictures of each file whose pixels are looked at
   */
  InspectShard(
      Broadcast<SerializableConfiguration> hadoop, String directory, boolean verify, int decoded) {
    this.hadoop = hadoop;
    this.directory = directory;
    this.verify = verify;
    this.decoded = decoded;
  }

  @Override
  public ShardSummary call(ShardFile file) throws IOException {
    Path folder = new Path(directory);
    FileSystem fs = folder.getFileSystem(hadoop.value().value());
    if (verify) {
      List<String> problems = ShardVerification.problems(fs, folder, file);
      if (!problems.isEmpty()) {
        return ShardSummary.damaged(problems);
      }
    }
    Path path = new Path(folder, file.name());
    return rows(fs, path).plus(ShardSummary.of(pixels(fs, path)));
  }

  private static ShardSummary rows(FileSystem fs, Path path) throws IOException {
    ShardSummary summary = ShardSummary.EMPTY;
    try (ShardReader reader = ShardReader.openWithoutImages(fs, path)) {
      for (int i = 0; i < reader.rowGroups(); i++) {
        ShardSummary group =
            reader.rowGroup(i).stream()
                .map(ShardSummary::of)
                .reduce(ShardSummary.EMPTY, ShardSummary::plus);
        summary = summary.plus(group);
      }
    }
    return summary;
  }

  /** Shards are shuffled when they are made, so a file's first pictures are a random sample. */
  private PixelStatistics pixels(FileSystem fs, Path path) throws IOException {
    PixelStatistics statistics = PixelStatistics.NONE;
    try (ShardReader reader = ShardReader.openWithoutObjects(fs, path)) {
      for (int i = 0; i < reader.rowGroups() && statistics.pictures() < decoded; i++) {
        for (ShardRow row : reader.rowGroup(i)) {
          if (statistics.pictures() < decoded) {
            statistics = statistics.plus(PixelStatistics.of(ContactSheet.decode(path, row)));
          }
        }
      }
    }
    return statistics;
  }
}
