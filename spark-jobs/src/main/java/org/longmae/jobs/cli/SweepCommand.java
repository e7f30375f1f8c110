package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.conf.SweepConfig;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.sweep.SweepJob;
import org.longmae.jobs.sweep.SweepPoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae sweep}. */
@Command(
    name = "sweep",
    description =
        "Trains and evaluates every point of sweep.axes and sweep.points and reports them together.")
public final class SweepCommand implements Callable<Integer> {
  private static final int FAILED = 4;

  /** Jobs of points that are side by side share the executors. */
  private static final Map<String, String> FAIR = Map.of("spark.scheduler.mode", "FAIR");

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Sweep directory.")
  private String out;

  @Option(
      names = "--retry-failed",
      description = "Try points again that failed before; else they are reported as they were.")
  private boolean retryFailed;

  @Option(
      names = "--baselines",
      paramLabel = "DIR",
      description =
          "Folder of what points are compared with, on the file system of --out; sweeps that share"
              + " it measure it once. Default: in --out.")
  private Optional<String> baselines = Optional.empty();

  @Override
  public Integer call() throws Exception {
    SweepConfig sweep = options.loader().sweep();
    if (sweep.points().isEmpty()) {
      throw new ConfigException(
          "sweep.points",
          "sweep.points must have at least one point but is empty, and so is sweep.axes");
    }
    List<RunConfig> checked = new ArrayList<>();
    for (RunConfig config : sweep.points()) {
      checked.add(Shards.checked(config));
    }
    List<SweepPoint> points =
        SweepPoint.of(new SweepConfig(checked, sweep.parallel(), sweep.budget()));
    Path root = FileSystems.qualified(out);
    Optional<Path> shared =
        baselines.isPresent()
            ? Optional.of(FileSystems.qualified(baselines.get()))
            : Optional.empty();
    SweepJob.Settings settings = new SweepJob.Settings(sweep.parallel(), retryFailed, shared);
    boolean aside = sweep.parallel() > 1;
    try (JavaSparkContext spark = common.spark("sweep", aside ? FAIR : Map.of())) {
      SweepReport report =
          new SweepJob(
                  points,
                  root,
                  root.getName(),
                  common.command(),
                  settings,
                  point -> new ConsoleProgress(point.name(), aside))
              .run(spark);
      System.out.println(SweepSummary.text(report, new Path(root, "report.html")));
      common.write(SweepSummary.json(report, new Path(root, "report.html")));
      return SweepSummary.anyFailed(report) ? FAILED : 0;
    }
  }
}
