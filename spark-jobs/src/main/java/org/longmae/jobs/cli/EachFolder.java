package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.data.source.SourceSettings;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.shard.BuildShardsResult;
import org.longmae.jobs.shard.ShardJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard set of each folder in a folder: what comes in night by night. A finished set never
 * changes, so what is new is the folders that have none.
 */
final class EachFolder {
  private static final Logger LOG = LoggerFactory.getLogger(EachFolder.class);

  private final RunConfig config;
  private final Path images;
  private final SourceSettings settings;
  private final Path out;
  private final List<ShardJob> missing = new ArrayList<>();
  private final List<BuildShardsResult> results = new ArrayList<>();

  EachFolder(RunConfig config, Path images, SourceSettings settings, Path out) {
    this.config = config;
    this.images = images;
    this.settings = settings;
    this.out = out;
  }

  /**
   * Looks which sets are there. Needs no Spark.
   *
   * @throws org.longmae.conf.ConfigException if one is of another source or other settings
   */
  void find(Configuration hadoop) throws IOException {
    FileSystem fs = images.getFileSystem(hadoop);
    FileStatus[] folders = fs.listStatus(images, path -> !path.getName().matches("[_.].*"));
    Arrays.sort(folders);
    for (FileStatus folder : folders) {
      if (folder.isDirectory()) {
        Path set = new Path(out, folder.getPath().getName());
        ShardJob job = new ShardJob(config, folder.getPath(), settings, set, new ConsolePictures());
        Optional<BuildShardsResult> made = job.made(hadoop);
        made.ifPresentOrElse(results::add, () -> missing.add(job));
      }
    }
  }

  /** What {@link #find} found no set of. */
  List<ShardJob> missing() {
    return missing;
  }

  /**
   * Makes them. A folder that cannot be made a set of does not keep the others from it; the first
   * failure is thrown when they are done.
   */
  void make(JavaSparkContext spark) throws IOException {
    List<Exception> failures = new ArrayList<>();
    for (ShardJob job : missing) {
      try {
        results.add(job.run(spark));
      } catch (IOException | RuntimeException e) {
        if (SparkApplication.isInterrupted()) {
          throw e;
        }
        LOG.warn("{}", Failures.message(e));
        failures.add(e);
      }
    }
    if (!failures.isEmpty() && failures.get(0) instanceof RuntimeException wrong) {
      throw wrong;
    }
    if (!failures.isEmpty()) {
      throw (IOException) failures.get(0);
    }
  }

  /** Sets that are there. */
  List<BuildShardsResult> results() {
    return results;
  }
}
