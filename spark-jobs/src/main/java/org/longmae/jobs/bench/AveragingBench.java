package org.longmae.jobs.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.dl4j.Dl4jRounds;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.train.PretrainJob;
import org.longmae.jobs.train.Progress;
import org.longmae.model.MaeEngine;
import org.longmae.model.MaeSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.StateVector;

/**
 * Times rounds of the training service and of DL4J's master: the same model and batches, one way
 * after the other in one Spark application. Rounds are whole, with local steps and, for the
 * service, the commit to the file system; with few small pictures a step is the lesser part.
 *
 * <p>A set of scenes is made for it, of which every batch is the whole.
 */
public final class AveragingBench {
  /** DL4J's master, among strategies. */
  public static final String DL4J = "dl4j";

  private static final int SCENES = 24;

  /** The first round opens engines and readers, the last writes the checkpoint. */
  private static final int UNTIMED = 2;

  private final RunConfig base;
  private final Path out;
  private final int rounds;

  /**
   * A measurement.
   *
   * @param base model, workers and local steps; data, batch and epochs are the bench's
   * @param out folder that all workers reach; what the bench left there before is overwritten
   * @param rounds to time of each way, at least 1
   */
  public AveragingBench(RunConfig base, Path out, int rounds) {
    this.base = base;
    this.out = out;
    this.rounds = rounds;
  }

  /** Measures the strategies, in their order. */
  public AveragingBenchResult run(JavaSparkContext spark, List<String> strategies)
      throws IOException {
    FileSystem fs = out.getFileSystem(spark.hadoopConfiguration());
    SceneShards scenes = SceneShards.make(spark, base, out, SCENES);
    List<AveragingTimes> ways = new ArrayList<>();
    for (String strategy : strategies) {
      TaskBytes sent = new TaskBytes();
      spark.sc().addSparkListener(sent);
      Laps laps = new Laps();
      try (HeapWatch heap = new HeapWatch()) {
        if (strategy.equals(DL4J)) {
          dl4j(spark, scenes, laps);
        } else {
          service(spark, fs, config(scenes, "averaging.strategy=" + strategy), laps);
        }
        long perWorker = sent.bytes() / (rounds + UNTIMED) / base.train().workers();
        ways.add(
            new AveragingTimes(
                strategy, laps.seconds(), laps.trainSeconds(), perWorker, heap.mostBytes()));
      }
      spark.sc().removeSparkListener(sent);
    }
    return new AveragingBenchResult(
        ParameterLayout.of(MaeSpec.of(base)).size(),
        base.train().workers(),
        base.train().localSteps(),
        rounds,
        ways);
  }

  /** One batch an epoch, and as many epochs as there are steps. */
  private RunConfig config(SceneShards scenes, String setting) {
    int even =
        scenes.manifest().rows(ShardPlan.TRAIN) / base.train().workers() * base.train().workers();
    int steps = (rounds + UNTIMED) * base.train().localSteps();
    return new ConfigLoader()
        .text(ConfigLoader.render(base), "bench averaging")
        .set("data.shards=" + scenes.folder())
        .set("train.batch=" + even)
        .set("train.epochs=" + steps)
        .set("optim.warmup-epochs=0")
        .set("checkpoint.epochs=" + steps)
        .set(setting)
        .run();
  }

  private void service(JavaSparkContext spark, FileSystem fs, RunConfig config, Laps laps)
      throws IOException {
    Path run = new Path(out, "run");
    fs.delete(run, true);
    new PretrainJob(config, run, laps).run(spark);
    fs.delete(run, true);
  }

  private void dl4j(JavaSparkContext spark, SceneShards scenes, Laps laps) {
    RunConfig config = config(scenes, "averaging.strategy=mean");
    int threads = Cores.ofTask(spark, config.compute());
    int workers = config.train().workers();
    int steps = config.train().localSteps();
    float[] initial = initial(config, threads);
    String shards = scenes.folder().toString();
    ShardManifest manifest = scenes.manifest();
    try (Dl4jRounds dl4j =
        Dl4jRounds.start(spark, config, manifest, shards, workers, threads, initial)) {
      laps.lap();
      for (int round = 0; round < rounds + UNTIMED; round++) {
        dl4j.train((long) round * steps, (long) (round + 1) * steps);
        laps.lap();
      }
    }
  }

  private static float[] initial(RunConfig config, int threads) {
    try (MaeEngine engine = MaeEngine.open(config, threads)) {
      engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
      float[] parameters = new float[Math.toIntExact(engine.stateLength())];
      engine.read(StateVector.PARAMETERS, 0, parameters);
      return parameters;
    }
  }

  /** When rounds end. */
  private static final class Laps implements Progress {
    private final List<Long> nanos = new ArrayList<>();
    private final List<Double> training = new ArrayList<>();

    void lap() {
      nanos.add(System.nanoTime());
    }

    /** From the end of one round to the end of the next. */
    double seconds() {
      List<Double> seconds = new ArrayList<>();
      for (int i = 1; i < nanos.size(); i++) {
        seconds.add((nanos.get(i) - nanos.get(i - 1)) * 1e-9);
      }
      return median(seconds);
    }

    /** Of local steps. */
    double trainSeconds() {
      return training.isEmpty() ? 0 : median(training);
    }

    /** Of the rounds but the first and the last. */
    private static double median(List<Double> rounds) {
      double[] timed =
          rounds.subList(1, rounds.size() - 1).stream().mapToDouble(d -> d).sorted().toArray();
      return (timed[(timed.length - 1) / 2] + timed[timed.length / 2]) / 2;
    }

    @Override
    public void start(long totalSteps, long doneSteps) {
      lap();
    }

    @Override
    public void round(RoundMetrics metrics, long totalSteps) {
      lap();
      training.add(metrics.trainSeconds());
    }

    @Override
    public void end() {}
  }
}
