package org.longmae.jobs.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.TrainingLoader;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.train.LocalTrainer;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.jobs.train.Progress;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;

/**
 * What rounds on Spark cost a run of one worker: the same steps on the same batches by the training
 * service and by the bare loop, {@link LocalTrainer} without Spark, by turns. The service's time is
 * from the end of one round to the end of another, with all that lies between: jobs, metrics,
 * states at restart points.
 */
public final class LoopBench {
  private static final int SCENES = 600;

  /** The first round opens the engine and the readers, the last writes the checkpoint. */
  private static final int UNTIMED = 2;

  private final RunConfig base;
  private final Path out;
  private final int rounds;
  private final int passes;

  /**
   * A measurement.
   *
   * @param base model, batch and local steps; data and epochs are the bench's
   * @param out folder; what the bench left there before is overwritten
   * @param rounds to time in a pass, at least 1
   * @param passes of both, at least 1
   */
  public LoopBench(RunConfig base, Path out, int rounds, int passes) {
    this.base = base;
    this.out = out;
    this.rounds = rounds;
    this.passes = passes;
  }

  /** Measures. */
  public LoopBenchResult run(JavaSparkContext spark) throws IOException {
    FileSystem fs = out.getFileSystem(spark.hadoopConfiguration());
    SceneShards scenes = SceneShards.make(spark, base, out, SCENES);
    RunConfig config = config(scenes);
    int threads = Cores.ofTask(spark, config.compute());
    List<Double> bare = new ArrayList<>();
    List<Double> service = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      bare.add(rate(config, bareSeconds(fs, scenes, config, threads)));
      service.add(rate(config, serviceSeconds(spark, fs, config)));
    }
    return new LoopBenchResult(
        ParameterLayout.of(MaeSpec.of(config)).size(),
        config.train().batch(),
        config.train().localSteps(),
        rounds,
        bare,
        service);
  }

  private RunConfig config(SceneShards scenes) {
    int stepsPerEpoch = TrainingLoader.stepsPerEpoch(scenes.manifest(), base);
    int steps = (rounds + UNTIMED) * base.train().localSteps();
    int epochs = (steps + stepsPerEpoch - 1) / stepsPerEpoch;
    return new ConfigLoader()
        .text(ConfigLoader.render(base), "bench loop")
        .set("data.shards=" + scenes.folder())
        .set("train.workers=1")
        .set("train.epochs=" + epochs)
        .set("optim.warmup-epochs=0")
        .set("checkpoint.epochs=" + epochs)
        .run();
  }

  private double rate(RunConfig config, double seconds) {
    return (double) rounds * config.train().localSteps() * config.train().batch() / seconds;
  }

  private double bareSeconds(FileSystem fs, SceneShards scenes, RunConfig config, int threads)
      throws IOException {
    int steps = config.train().localSteps();
    try (LocalTrainer trainer =
        LocalTrainer.open(fs, scenes.folder(), scenes.manifest(), config, threads, 0)) {
      trainer.initialize();
      trainer.trainUntil(steps);
      long start = System.nanoTime();
      trainer.trainUntil((long) (rounds + 1) * steps);
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  private double serviceSeconds(JavaSparkContext spark, FileSystem fs, RunConfig config)
      throws IOException {
    Path run = new Path(out, "run");
    fs.delete(run, true);
    Ends ends = new Ends();
    new PretrainJob(config, run, ends).run(spark);
    fs.delete(run, true);
    return (ends.nanos[rounds] - ends.nanos[0]) * 1e-9;
  }

  /** When rounds end. */
  private static final class Ends implements Progress {
    private long[] nanos = new long[0];

    @Override
    public void start(long totalSteps, long doneSteps) {}

    @Override
    public void round(RoundMetrics metrics, long totalSteps) {
      nanos = Arrays.copyOf(nanos, nanos.length + 1);
      nanos[nanos.length - 1] = System.nanoTime();
    }

    @Override
    public void end() {}
  }
}
