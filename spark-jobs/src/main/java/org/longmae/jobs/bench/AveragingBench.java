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
import org.longmae.jobs.shard.ScenesJob;
import org.longmae.jobs.shard.ShardJob;
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
    Path shards = new Path(out, "shards");
    ShardManifest manifest = shards(spark, fs, shards);
    List<AveragingTimes> ways = new ArrayList<>();
    for (String strategy : strategies) {
      TaskBytes sent = new TaskBytes();
      spark.sc().addSparkListener(sent);
      Laps laps = new Laps();
      try (HeapWatch heap = new HeapWatch()) {
        if (strategy.equals(DL4J)) {
          dl4j(spark, fs.makeQualified(shards).toString(), manifest, laps);
        } else {
          service(spark, fs, config(manifest, shards, "averaging.strategy=" + strategy), laps);
        }
        long perWorker = sent.bytes() / (rounds + UNTIMED) / base.train().workers();
        ways.add(new AveragingTimes(strategy, laps.median(), perWorker, heap.mostBytes()));
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

  private ShardManifest shards(JavaSparkContext spark, FileSystem fs, Path shards)
      throws IOException {
    Path scenes = new Path(out, "scenes");
    fs.delete(scenes, true);
    fs.delete(shards, true);
    new ScenesJob(base.randomness(), SCENES, 64, 48, scenes).run(spark);
    new ShardJob(base, scenes, shards).run(spark);
    return ShardManifest.read(fs, shards);
  }

  /** One batch an epoch, and as many epochs as there are steps. */
  private RunConfig config(ShardManifest manifest, Path shards, String setting) {
    int even = manifest.rows(ShardPlan.TRAIN) / base.train().workers() * base.train().workers();
    int steps = (rounds + UNTIMED) * base.train().localSteps();
    return new ConfigLoader()
        .text(ConfigLoader.render(base), "bench averaging")
        .set("data.shards=" + shards)
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

  private void dl4j(JavaSparkContext spark, String shards, ShardManifest manifest, Laps laps) {
    RunConfig config = config(manifest, new Path(shards), "averaging.strategy=mean");
    int threads = Cores.ofTask(spark, config.compute());
    int workers = config.train().workers();
    int steps = config.train().localSteps();
    float[] initial = initial(config, threads);
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

    void lap() {
      nanos.add(System.nanoTime());
    }

    /** Of the rounds but the first and the last. */
    double median() {
      List<Double> seconds = new ArrayList<>();
      for (int i = 2; i < nanos.size() - 1; i++) {
        seconds.add((nanos.get(i) - nanos.get(i - 1)) * 1e-9);
      }
      seconds.sort(null);
      return seconds.get(seconds.size() / 2);
    }

    @Override
    public void start(long totalSteps, long doneSteps) {
      lap();
    }

    @Override
    public void round(RoundMetrics metrics, long totalSteps) {
      lap();
    }

    @Override
    public void end() {}
  }
}
