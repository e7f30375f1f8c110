package org.longmae.jobs.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.evaluate.Answers;
import org.longmae.jobs.evaluate.Baselines;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.EvaluateResult;
import org.longmae.jobs.evaluate.ExampleGrid;
import org.longmae.jobs.evaluate.FinetuneJob;
import org.longmae.jobs.evaluate.Readout;
import org.longmae.jobs.evaluate.Tuned;
import org.longmae.jobs.report.CurvePoint;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.Score;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.jobs.train.PretrainResult;
import org.longmae.jobs.train.Progress;
import org.longmae.model.CostModel;
import org.longmae.model.MaeSpec;

/** One point, whole: train, evaluate, draw, report. */
final class PointRun {
  /** What the report calls the linear probe. */
  static final String PROBE = "linear probe";

  /** What the report calls the nearest neighbours. */
  static final String NEIGHBOURS = "nearest neighbours";

  /** What the report calls end-to-end fine-tuning. */
  static final String FINETUNING = "fine-tuning";

  private final SweepPoint point;
  private final Path folder;
  private final Progress progress;
  private final SweepFiles files;

  PointRun(SweepPoint point, SweepFiles files, Progress progress) {
    this.point = point;
    this.folder = files.folder(point);
    this.progress = progress;
    this.files = files;
  }

  FinishedPoint run(JavaSparkContext spark) throws IOException {
    long start = System.nanoTime();
    RunConfig config = point.config();
    PretrainResult trained = new PretrainJob(config, folder, progress).run(spark);
    FileSystem fs = folder.getFileSystem(spark.hadoopConfiguration());
    Path weights = RunDirectory.existing(fs, folder).newestWeights().orElseThrow();
    EvaluateJob evaluation = new EvaluateJob(spark, config);
    double untrainedLoss = evaluation.untrainedLoss();
    EvaluateResult after = evaluation.run(weights);
    byte[] grid = ExampleGrid.png(config, evaluation.examples(weights));
    CommittedFile.write(fs, new Path(folder, SweepFiles.GRID), grid);
    List<CurvePoint> heldOut =
        List.of(
            new CurvePoint(0, untrainedLoss),
            new CurvePoint(trained.samples(), after.heldOutLoss()));
    List<Score> scores = new ArrayList<>(scores(after, evaluation));
    if (config.evaluate().finetune()) {
      scores.add(finetuned(new FinetuneJob(spark, config), weights));
    }
    PointReport report = report(trained, heldOut, scores);
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new FinishedPoint(report, after.note(), trained.compute(), seconds);
  }

  private PointReport report(PretrainResult trained, List<CurvePoint> heldOut, List<Score> scores) {
    RunConfig config = point.config();
    boolean normalized = config.loss().normalizedTarget();
    return new PointReport(
        point.name(),
        encoder(config),
        new Path(config.data().shards()).getName(),
        config.seed(),
        config.image().size(),
        config.image().channels(),
        config.model().patchSize(),
        config.mask().unit(),
        config.mask().ratio(),
        config.sequenceLength(),
        config.keptPatches(),
        trained.parameters(),
        gflops(config),
        normalized,
        config.model().predictionDownsampling(),
        config.train().epochs(),
        trained.samples(),
        trained.imagesPerSecond(),
        trained.seconds(),
        curve(trained.rounds(), config.train().batch()),
        heldOut,
        scores,
        ExampleGrid.columns(config),
        ExampleGrid.caption(config),
        folder.toString(),
        "");
  }

  /** A point without a result. */
  static FinishedPoint failed(SweepPoint point, Path folder, String failure) {
    RunConfig config = point.config();
    PointReport report =
        new PointReport(
            point.name(),
            encoder(config),
            new Path(config.data().shards()).getName(),
            config.seed(),
            config.image().size(),
            config.image().channels(),
            config.model().patchSize(),
            config.mask().unit(),
            config.mask().ratio(),
            config.sequenceLength(),
            config.keptPatches(),
            CostModel.of(MaeSpec.of(config)).parameters(),
            gflops(config),
            config.loss().normalizedTarget(),
            config.model().predictionDownsampling(),
            config.train().epochs(),
            0,
            0,
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            folder.toString(),
            failure);
    return new FinishedPoint(report, "", "", 0);
  }

  /** Its usual name, or its shape. */
  private static String encoder(RunConfig config) {
    TransformerConfig encoder = config.model().encoder();
    String shape = String.format("%d wide, %d deep", encoder.width(), encoder.depth());
    return switch (shape) {
      case "192 wide, 12 deep" -> "ViT-Ti";
      case "384 wide, 12 deep" -> "ViT-S";
      case "768 wide, 12 deep" -> "ViT-B";
      case "1024 wide, 24 deep" -> "ViT-L";
      case "1280 wide, 32 deep" -> "ViT-H";
      default -> shape;
    };
  }

  /** Forward and backward of one picture, in 10⁹ operations. */
  private static double gflops(RunConfig config) {
    return CostModel.of(MaeSpec.of(config)).stepFlops() * 1e-9;
  }

  private static List<CurvePoint> curve(List<RoundMetrics> rounds, int batch) {
    List<CurvePoint> curve = new ArrayList<>();
    for (RoundMetrics round : rounds) {
      long firstStep = round.step() - round.losses().size();
      for (int i = 0; i < round.losses().size(); i++) {
        curve.add(new CurvePoint((firstStep + i + 1) * batch, round.losses().get(i)));
      }
    }
    return curve;
  }

  private List<Score> scores(EvaluateResult after, EvaluateJob evaluation) throws IOException {
    if (after.readout().isEmpty()) {
      return List.of();
    }
    Readout readout = after.readout().get();
    Baselines baselines = files.baselines(evaluation);
    return List.of(
        score(PROBE, readout.probe(), baselines.untrained().probe(), baselines.pixels().probe()),
        score(
            NEIGHBOURS,
            readout.neighbours(),
            baselines.untrained().neighbours(),
            baselines.pixels().neighbours()));
  }

  private Score finetuned(FinetuneJob finetuning, Path weights) throws IOException {
    Tuned scratch = files.scratch(finetuning, progress);
    Tuned tuned = finetuning.run(weights, new Path(folder, "finetuned"), progress);
    return new Score(
        FINETUNING,
        tuned.answers().accuracy(),
        tuned.answers().chance(),
        scratch.answers().accuracy(),
        null,
        tuned.answers().topFive(),
        (int) tuned.answers().pictures(),
        Score.FROM_SCRATCH);
  }

  private static Score score(String name, Answers answers, Answers untrained, Answers pixels) {
    return new Score(
        name,
        answers.accuracy(),
        answers.chance(),
        untrained.accuracy(),
        pixels.accuracy(),
        answers.topFive(),
        (int) answers.pictures());
  }
}
