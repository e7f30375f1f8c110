package org.longmae.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.EvaluateResult;
import org.longmae.jobs.evaluate.ProbeResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Held-out loss with fixed masks, and a linear probe, of a run's newest checkpoint.")
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--run", paramLabel = "DIR", required = true, description = "Run directory.")
  private String run;

  @Override
  public Integer call() throws Exception {
    TrainedRun trained = TrainedRun.at(run);
    try (JavaSparkContext spark = common.spark("evaluate")) {
      EvaluateResult result = new EvaluateJob(spark, trained.config()).run(trained.weights());
      System.out.printf(
          Locale.ROOT,
          "held-out loss %.4f over %d pictures; %s%n",
          result.heldOutLoss(),
          result.heldOutPictures(),
          probe(result.probe()));
      common.write(json(result));
    }
    return 0;
  }

  private static String probe(ProbeResult probe) {
    return probe.accuracy().isPresent()
        ? String.format(
            Locale.ROOT,
            "linear probe %.1f %% (largest class %.1f %%)",
            100 * probe.accuracy().getAsDouble(),
            100 * probe.chance().getAsDouble())
        : "no linear probe: " + probe.note();
  }

  private static Map<String, Object> json(EvaluateResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("held_out_loss", result.heldOutLoss());
    json.put("held_out_pictures", result.heldOutPictures());
    result.probe().accuracy().ifPresent(accuracy -> json.put("probe_accuracy", accuracy));
    result.probe().chance().ifPresent(chance -> json.put("largest_class", chance));
    json.put("probe_note", result.probe().note());
    return json;
  }
}
