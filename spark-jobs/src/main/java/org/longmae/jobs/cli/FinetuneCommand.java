package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.evaluate.FinetuneJob;
import org.longmae.jobs.evaluate.Tuned;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.run.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae finetune}. */
@Command(
    name = "finetune",
    description =
        "Fine-tunes the encoder of a run's newest checkpoint to the classes of its pictures, and"
            + " trains the same from random weights beside it; given the same folder again, it"
            + " continues.")
public final class FinetuneCommand implements Callable<Integer> {
  private static final List<String> ALLOWED =
      List.of(
          "finetune.",
          "evaluate.",
          "compute.",
          "checkpoint.",
          "data.decode-threads",
          "data.prefetch",
          "train.workers",
          "train.local-steps",
          "train.micro-batch",
          "train.recompute",
          "seed",
          "fault");

  @Mixin private CommonOptions common;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the run that pre-trained the encoder.")
  private String run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for two run directories: tuned and scratch.")
  private String out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of finetune, evaluate or of how it is computed, over the run's; may be"
              + " repeated.")
  private List<String> settings = List.of();

  @Option(
      names = "--no-baseline",
      negatable = true,
      description = "Leave training from random weights out.")
  private boolean baseline = true;

  @Override
  public Integer call() throws Exception {
    TrainedRun trained = TrainedRun.at(run);
    RunConfig config = trained.with(settings, ALLOWED, "finetune");
    Configuration hadoop = FileSystems.configuration();
    FinetuneJob.check(config, hadoop);
    Path root = FileSystems.qualified(out);
    Path tunedRoot = new Path(root, "tuned");
    Path scratchRoot = new Path(root, "scratch");
    // Before Spark starts, which takes seconds.
    requireFree(tunedRoot, config.finetuned(trained.weights().toString()), hadoop);
    try (JavaSparkContext spark = common.spark("finetune")) {
      FinetuneJob job = new FinetuneJob(spark, config);
      Tuned tuned = job.run(trained.weights(), tunedRoot, new ConsoleProgress("fine-tuning"));
      Optional<Tuned> scratch =
          baseline
              ? Optional.of(job.scratch(scratchRoot, new ConsoleProgress("from scratch")))
              : Optional.empty();
      System.out.println(text(config, tuned, scratch));
      common.write(json(config, tuned, scratch, job.classNames()));
    }
    return 0;
  }

  private static void requireFree(Path root, RunConfig config, Configuration hadoop)
      throws IOException {
    RunDirectory.requireFree(root.getFileSystem(hadoop), root, config);
  }

  private static String text(RunConfig config, Tuned tuned, Optional<Tuned> scratch) {
    String head =
        String.format(
            Locale.ROOT,
            "fine-tuned for %d epochs at L = %d, scored on %d pictures; largest class %.1f %%%n"
                + "  %-13s  %s",
            tuned.epochs(),
            config.transferLength(),
            tuned.answers().pictures(),
            100 * tuned.answers().chance(),
            "fine-tuned",
            AnswersText.line(tuned.answers()));
    return scratch
        .map(
            from ->
                head
                    + String.format(
                        "%n  %-13s  %s", "from scratch", AnswersText.line(from.answers())))
        .orElse(head);
  }

  private static Map<String, Object> json(
      RunConfig config, Tuned tuned, Optional<Tuned> scratch, List<String> classNames) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("transfer_length", config.transferLength());
    json.put("epochs", tuned.epochs());
    json.put("largest_class", tuned.answers().chance());
    json.put("fine_tuned", tuned(tuned));
    scratch.ifPresent(from -> json.put("from_scratch", tuned(from)));
    json.put("classes", AnswersText.classes(tuned.answers(), classNames));
    json.put("confusion", tuned.answers().confusion());
    return json;
  }

  private static Map<String, Object> tuned(Tuned tuned) {
    Map<String, Object> json = new LinkedHashMap<>(AnswersText.json(tuned.answers()));
    json.put("run", tuned.run());
    json.put("training_loss", tuned.loss());
    json.put("seconds", tuned.seconds());
    return json;
  }
}
