package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.EpochOrder;
import org.longmae.data.load.EpochOrder.RowGroup;
import org.longmae.data.shard.ShardException;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;

/**
 * The pictures that classifiers are fitted to, and those that everything is scored on.
 *
 * @param fitted the training pictures of {@code data.shards}
 * @param scored its held-out ones, or all of {@code evaluate.shards}
 * @param classNames what labels are indices into
 */
record EvaluationSet(SplitReader fitted, SplitReader scored, List<String> classNames) {
  /**
   * Looks up what a run is evaluated on.
   *
   * @throws ShardException if there is nothing to score on
   * @throws ConfigException if the two shard sets have other classes
   */
  static EvaluationSet of(RunConfig config, Configuration hadoop) throws IOException {
    Path training = qualified(config.data().shards(), hadoop);
    ShardManifest manifest = manifest(training, hadoop);
    SplitReader fitted = reader(config, training, manifest, List.of(ShardPlan.TRAIN));
    if (config.evaluate().shards().isEmpty()) {
      requireHeldOut(manifest, training);
      return new EvaluationSet(
          fitted,
          reader(config, training, manifest, List.of(ShardPlan.VALIDATION)),
          manifest.classNames());
    }
    Path other = qualified(config.evaluate().shards(), hadoop);
    ShardManifest scored = manifest(other, hadoop);
    if (!scored.classNames().equals(manifest.classNames())) {
      throw new ConfigException(
          "evaluate.shards",
          String.format(
              "evaluate.shards must have the classes of data.shards, %s, but [%s] has %s",
              manifest.classNames(), other, scored.classNames()));
    }
    List<String> all = List.of(ShardPlan.TRAIN, ShardPlan.VALIDATION);
    return new EvaluationSet(fitted, reader(config, other, scored, all), manifest.classNames());
  }

  /**
   * Refuses a shard set without held-out pictures.
   *
   * @throws ShardException if there are none
   */
  private static void requireHeldOut(ShardManifest manifest, Path folder) {
    if (manifest.rows(ShardPlan.VALIDATION) == 0) {
      throw new ShardException(
          String.format(
              "[%s] evaluation needs held-out pictures but there are none; shard with"
                  + " data.held-out above 0, or name a set to score on with evaluate.shards",
              folder));
    }
  }

  private static SplitReader reader(
      RunConfig config, Path folder, ShardManifest manifest, List<String> splits) {
    ArrayList<RowGroup> groups = new ArrayList<>();
    splits.forEach(split -> groups.addAll(EpochOrder.rowGroups(manifest, split)));
    return new SplitReader(
        folder.toString(),
        groups,
        config.image(),
        config.evaluate().batch(),
        config.evaluate().maxPictures());
  }

  private static Path qualified(String folder, Configuration hadoop) throws IOException {
    Path path = new Path(folder);
    return path.getFileSystem(hadoop).makeQualified(path);
  }

  private static ShardManifest manifest(Path folder, Configuration hadoop) throws IOException {
    FileSystem fs = folder.getFileSystem(hadoop);
    return ShardManifest.read(fs, folder);
  }
}
