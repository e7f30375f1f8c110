package org.longmae.jobs.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceSettings;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.shard.BuildShardsResult;
import org.longmae.jobs.shard.ShardJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae shard}. */
@Command(
    name = "shard",
    description = {
      "Turns pictures into Parquet shards.",
      "They may lie in a folder or an archive (tar, tar.gz, tgz, zip), in the layout",
      "of COCO, ImageNet, Open Images or CIFAR, or in none."
    })
public final class ShardCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Mixin private SourceOptions source;

  @Option(
      names = "--images",
      paramLabel = "PATH",
      required = true,
      description = "The pictures: a folder or an archive.")
  private String images;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The shard set.")
  private String out;

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.loader().run();
    SourceSettings settings = source.settings();
    Path root = FileSystems.qualified(images);
    // Before Spark starts: a folder that is missing or empty is told at once.
    PictureSource.at(root.getFileSystem(FileSystems.configuration()), root, settings);
    try (JavaSparkContext spark = common.spark("shard")) {
      BuildShardsResult result =
          new ShardJob(config, root, settings, FileSystems.qualified(out)).run(spark);
      System.out.println(summary(result));
      common.write(
          Map.of(
              "folder", result.folder(),
              "seconds", result.seconds(),
              "train", result.manifest().rows(ShardPlan.TRAIN),
              "validation", result.manifest().rows(ShardPlan.VALIDATION),
              "quarantined", result.manifest().quarantined()));
    }
    return 0;
  }

  /** One line for a person, and one more for each quarantined picture. */
  static String summary(BuildShardsResult result) {
    ShardManifest manifest = result.manifest();
    StringBuilder text =
        new StringBuilder(
            String.format(
                "%s %s: %d training and %d held-out pictures in %d files",
                result.madeNow() ? "shards" : "shards were there",
                result.folder(),
                manifest.rows(ShardPlan.TRAIN),
                manifest.rows(ShardPlan.VALIDATION),
                manifest.files().size()));
    manifest
        .quarantined()
        .forEach(
            bad ->
                text.append("\n  left out: ").append(bad.path()).append(": ").append(bad.reason()));
    return text.toString();
  }
}
