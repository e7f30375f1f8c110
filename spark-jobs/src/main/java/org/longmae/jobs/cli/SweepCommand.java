package org.longmae.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
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
    description = "Trains and evaluates every point of sweep.points and reports them together.")
public final class SweepCommand implements Callable<Integer> {
  private static final int FAILED = 4;

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Sweep directory.")
  private String out;

  @Override
  public Integer call() throws Exception {
    List<RunConfig> configs = options.loader().points();
    if (configs.isEmpty()) {
      throw new ConfigException(
          "sweep.points", "sweep.points must have at least one point but is empty");
    }
    List<RunConfig> checked = new ArrayList<>();
    for (RunConfig config : configs) {
      checked.add(Shards.checked(config));
    }
    Path root = FileSystems.qualified(out);
    try (JavaSparkContext spark = common.spark("sweep")) {
      List<SweepPoint> points = SweepPoint.named(checked);
      SweepReport report =
          new SweepJob(
                  points,
                  root,
                  root.getName(),
                  common.command(),
                  point -> new ConsoleProgress(point.name()))
              .run(spark);
      System.out.println(SweepSummary.text(report, new Path(root, "report.html")));
      common.write(SweepSummary.json(report, new Path(root, "report.html")));
      return SweepSummary.anyFailed(report) ? FAILED : 0;
    }
  }
}
