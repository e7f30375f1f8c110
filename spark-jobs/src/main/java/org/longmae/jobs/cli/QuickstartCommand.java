package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceSettings;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.shard.BuildShardsResult;
import org.longmae.jobs.shard.ScenesJob;
import org.longmae.jobs.shard.ShardJob;
import org.longmae.jobs.sweep.SweepJob;
import org.longmae.jobs.sweep.SweepPoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae quickstart}: the whole job once, in minutes. */
@Command(
    name = "quickstart",
    description = {
      "The whole job in minutes: pictures, shards, pre-training at two sequence lengths, report.",
      "Run again, it continues where it stopped."
    })
public final class QuickstartCommand implements Callable<Integer> {
  private static final int FAILED = 4;
  private static final int SCENE_WIDTH = 192;
  private static final int SCENE_HEIGHT = 144;

  /** Fewer leave nothing to hold out, or to learn from. */
  private static final int FEWEST_PICTURES = 10;

  /**
   * Somebody's own folder may hold anything: more bad files than a run of days would put up with.
   */
  private static final String LENIENT = "data.max-bad-fraction=0.5";

  /** Pictures that a point sees, repeats counted: what two cores train in a minute or two. */
  private static final int SAMPLES = 16_000;

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Your own pictures; default: built-in scenes.")
  private Optional<String> images = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "longmae-quickstart",
      description = "Where everything goes (default: ${DEFAULT-VALUE}).")
  private String out;

  @Option(
      names = "--scenes",
      paramLabel = "N",
      defaultValue = "2400",
      description = "Built-in scenes to render (default: ${DEFAULT-VALUE}).")
  private int scenes;

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    List<RunConfig> draft = points(List.of(LENIENT));
    if (draft.isEmpty()) {
      throw new ConfigException(
          "sweep.points", "sweep.points must have at least one point but is empty");
    }
    checkImages();
    Path root = FileSystems.qualified(out);
    try (JavaSparkContext spark = common.spark("quickstart")) {
      BuildShardsResult shards = shards(spark, draft.get(0), root);
      System.err.println(ShardCommand.summary(shards));
      List<RunConfig> points = points(budget(shards, draft.get(0).train().batch()));
      for (RunConfig point : points) {
        Shards.checked(point);
      }
      SweepReport report = sweep(spark, points, root);
      Path page = new Path(root, "report.html");
      System.out.println(SweepSummary.text(report, page));
      Map<String, Object> json = new LinkedHashMap<>(SweepSummary.json(report, page));
      json.put("seconds", (System.nanoTime() - start) * 1e-9);
      common.write(json);
      return SweepSummary.anyFailed(report) ? FAILED : 0;
    }
  }

  private List<RunConfig> points(List<String> defaults) throws IOException {
    return options.loader("tiny", defaults).points();
  }

  /** Before Spark starts: a folder that is missing or empty is told at once. */
  private void checkImages() throws IOException {
    if (images.isPresent()) {
      Path source = FileSystems.qualified(images.get());
      PictureSource.at(
          source.getFileSystem(FileSystems.configuration()), source, SourceSettings.DEFAULT);
    } else if (scenes < 100) {
      throw new ConfigException("", "--scenes must be at least 100 but was " + scenes);
    }
  }

  private BuildShardsResult shards(JavaSparkContext spark, RunConfig config, Path root)
      throws IOException {
    Path source;
    if (images.isPresent()) {
      source = FileSystems.qualified(images.get());
    } else {
      source = new Path(root, "scenes");
      boolean made =
          new ScenesJob(config.randomness(), scenes, SCENE_WIDTH, SCENE_HEIGHT, source).run(spark);
      System.err.printf("%s %s%n", made ? "scenes" : "scenes were there", source);
    }
    return new ShardJob(config, source, new Path(root, "shards")).run(spark);
  }

  /** Epochs that make the same number of samples of a small folder as of a larger one. */
  private static List<String> budget(BuildShardsResult shards, int batch) {
    int pictures = shards.manifest().rows(ShardPlan.TRAIN);
    int heldOut = shards.manifest().rows(ShardPlan.VALIDATION);
    if (pictures + heldOut < FEWEST_PICTURES || heldOut == 0) {
      throw new ConfigException(
          "",
          String.format(
              "[%s] there must be at least %d readable pictures but were %d",
              shards.manifest().source(), FEWEST_PICTURES, pictures + heldOut));
    }
    int epochs = Math.max(1, Math.round((float) SAMPLES / pictures));
    return List.of(
        LENIENT,
        "data.shards=" + shards.folder(),
        "train.batch=" + Math.min(batch, pictures),
        "train.epochs=" + epochs,
        "optim.warmup-epochs=" + epochs * 0.1);
  }

  private SweepReport sweep(JavaSparkContext spark, List<RunConfig> points, Path root)
      throws IOException {
    String command = "longmae quickstart" + images.map(folder -> " --images " + folder).orElse("");
    return new SweepJob(
            SweepPoint.named(points),
            root,
            "Quick start",
            common.command(),
            SweepJob.Settings.PLAIN,
            point -> new ConsoleProgress(point.name()))
        .run(spark);
  }
}
