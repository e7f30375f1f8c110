package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.Quarantine;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardCounts;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceSettings;
import org.longmae.data.source.Workspace;
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
      "Turns pictures into Parquet shards. They may lie in a folder or an archive (tar, tar.gz,",
      "tgz, zip), in the layout of COCO, ImageNet, Open Images or CIFAR, or in none.",
      "Killed and run again, it goes on where it was; a finished set is left as it is."
    })
public final class ShardCommand implements Callable<Integer> {
  private static final int MOST_NAMED = 10;

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

  @Option(
      names = "--dry-run",
      description = "Say what would be made: counts and the expected size; write nothing.")
  private boolean dryRun;

  @Option(
      names = "--each-folder",
      description = {
        "Make a set of each folder in --images, below --out under the folder's name. Sets that are",
        "there stay as they are; folders named _… or .… are not looked at."
      })
  private boolean eachFolder;

  @Override
  public Integer call() throws Exception {
    RunConfig config = options.loader().run();
    SourceSettings settings = source.settings();
    Path root = FileSystems.qualified(images);
    if (eachFolder) {
      if (dryRun) {
        throw new ConfigException("", "--dry-run must be of one set but --each-folder makes many");
      }
      eachFolder(new EachFolder(config, root, settings, FileSystems.qualified(out)));
      return 0;
    }
    ShardJob job =
        new ShardJob(config, root, settings, FileSystems.qualified(out), new ConsolePictures());
    Configuration hadoop = FileSystems.configuration();
    // Before Spark starts: a set that is there, and a folder that is missing or empty.
    Optional<BuildShardsResult> made = job.made(hadoop);
    if (made.isPresent()) {
      report(made.get());
      return 0;
    }
    PictureSource pictures = job.source(hadoop);
    if (dryRun) {
      ShardDryRun plan = dryRun(settings.describe(root.toString()), pictures, hadoop, config);
      System.out.println(plan.text());
      common.write(plan.json());
      return 0;
    }
    try (JavaSparkContext spark = common.spark("shard")) {
      report(job.run(spark));
    }
    return 0;
  }

  private void eachFolder(EachFolder folders) throws Exception {
    folders.find(FileSystems.configuration());
    try {
      if (!folders.missing().isEmpty()) {
        try (JavaSparkContext spark = common.spark("shard")) {
          folders.make(spark);
        }
      }
    } finally {
      folders.results().forEach(result -> System.out.println(summary(result)));
      common.write(folders.results().stream().map(ShardCommand::json).toList());
    }
    System.out.printf(
        "%d sets, %d of them new%n",
        folders.results().size(),
        folders.results().stream().filter(BuildShardsResult::madeNow).count());
  }

  /** Lists the source with a workspace that is not the set's folder. */
  private static ShardDryRun dryRun(
      String source, PictureSource pictures, Configuration hadoop, RunConfig config)
      throws IOException {
    Path folder =
        new Path(
            new Path("file://" + System.getProperty("java.io.tmpdir")),
            "longmae-dry-run-" + UUID.randomUUID());
    Workspace work = new Workspace(folder.getFileSystem(hadoop), folder);
    try {
      return ShardDryRun.of(source, hadoop, pictures.list(work), config);
    } finally {
      work.clear();
    }
  }

  private void report(BuildShardsResult result) throws IOException {
    System.out.println(summary(result));
    common.write(json(result));
  }

  private static Map<String, Object> json(BuildShardsResult result) {
    ShardManifest manifest = result.manifest();
    ShardCounts counts = manifest.counts();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", result.folder());
    json.put("made_now", result.madeNow());
    json.put("seconds", result.seconds());
    json.put("train", manifest.rows(ShardPlan.TRAIN));
    json.put("validation", manifest.rows(ShardPlan.VALIDATION));
    json.put("files", manifest.files().size());
    json.put("files_reused", result.reused());
    json.put("bytes", counts.bytes());
    json.put("encoded_again", counts.encodedAgain());
    json.put("unreadable", counts.quarantined());
    json.put("duplicates", counts.duplicates());
    json.put("digest", manifest.digest());
    json.put("quarantined", result.leftOut());
    return json;
  }

  /** One line for a person, and one more for each of the first pictures that were left out. */
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
    if (manifest.counts().encodedAgain() > 0) {
      text.append(", ").append(manifest.counts().encodedAgain()).append(" encoded again");
    }
    List<Quarantined> leftOut = result.leftOut();
    leftOut.stream()
        .limit(MOST_NAMED)
        .forEach(
            bad ->
                text.append("\n  left out: ").append(bad.path()).append(": ").append(bad.reason()));
    if (leftOut.size() > MOST_NAMED) {
      text.append(
          "\n  and %d more in %s/%s"
              .formatted(leftOut.size() - MOST_NAMED, result.folder(), Quarantine.NAME));
    }
    return text.toString();
  }
}
