package org.longmae.jobs.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.evaluate.Baselines;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.EvaluateResult;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Held-out loss with fixed masks, nearest neighbours and a linear probe of a run's newest"
            + " checkpoint, beside the same of random weights and raw pixels.")
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--run", paramLabel = "DIR", required = true, description = "Run directory.")
  private String run;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of evaluate or compute, over the run's; may be repeated.")
  private List<String> settings = List.of();

  @Option(
      names = "--features",
      paramLabel = "DIR",
      description = "Write the features as Parquet: train and validation in DIR.")
  private Optional<String> features = Optional.empty();

  @Option(
      names = "--no-baselines",
      negatable = true,
      description = "Leave random weights and raw pixels out.")
  private boolean baselines = true;

  @Override
  public Integer call() throws Exception {
    TrainedRun trained = TrainedRun.at(run);
    RunConfig config = trained.with(settings, List.of("evaluate.", "compute."), "evaluate");
    EvaluateJob.check(config, FileSystems.configuration());
    try (JavaSparkContext spark = common.spark("evaluate")) {
      EvaluateJob job = new EvaluateJob(spark, config);
      if (features.isPresent()) {
        Path out = FileSystems.qualified(features.get());
        job.writeFeatures(trained.weights(), out);
      }
      EvaluateResult result = job.run(trained.weights());
      Optional<Baselines> compared = baselines ? job.baselines() : Optional.empty();
      EvaluateText text = new EvaluateText(config, job.classNames(), result, compared);
      System.out.println(text.lines());
      common.write(text.json());
    }
    return 0;
  }
}
