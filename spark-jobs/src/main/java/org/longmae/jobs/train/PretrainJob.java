package org.longmae.jobs.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.Fault.Point;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.TrainingLoader;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.platform.Version;
import org.longmae.jobs.run.Lease;
import org.longmae.jobs.run.RoundMetrics;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunInfo;
import org.longmae.jobs.run.StateManifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pre-trains one model: rounds of local steps on an executor, a commit of the state after each
 * restart point, checkpoints.
 *
 * <p>Input: a shard set. Output: a run directory ({@link RunDirectory}). Run again after a kill, it
 * continues from the last committed state and ends in the same bits; run again when finished, it
 * does nothing. Example:
 *
 * <pre>
 *   deploy/bin/longmae pretrain --preset tiny --set data.shards=shards --out run
 * </pre>
 */
public final class PretrainJob {
  private static final Logger LOG = LoggerFactory.getLogger(PretrainJob.class);

  private final RunConfig config;
  private final Path root;
  private final Progress progress;

  /**
   * A run of this configuration in this folder.
   *
   * @param progress told of every round
   */
  public PretrainJob(RunConfig config, Path root, Progress progress) {
    this.config = config;
    this.root = root;
    this.progress = progress;
  }

  /**
   * Trains what is left to train.
   *
   * @throws IOException if shards or states cannot be read or written
   */
  public PretrainResult run(JavaSparkContext spark) throws IOException {
    Configuration hadoop = spark.hadoopConfiguration();
    Path shards = new Path(config.data().shards());
    FileSystem shardFs = shards.getFileSystem(hadoop);
    ShardManifest manifest = ShardManifest.read(shardFs, shards);
    RunDirectory run = RunDirectory.open(root.getFileSystem(hadoop), root, config);
    try (Lease lease = run.lease()) {
      return run(spark, run, lease, shards, manifest);
    }
  }

  private PretrainResult run(
      JavaSparkContext spark, RunDirectory run, Lease lease, Path shards, ShardManifest manifest)
      throws IOException {
    FileSystem shardFs = shards.getFileSystem(spark.hadoopConfiguration());
    String shardFolder = shardFs.makeQualified(shards).toString();
    RoundPlan plan = RoundPlan.of(config, TrainingLoader.stepsPerEpoch(manifest, config));
    run.describe(info(spark, shardFolder, manifest, plan));

    Optional<StateManifest> newest = run.states().newest();
    newest.ifPresent(state -> announce(state, plan));
    int done = newest.map(StateManifest::round).orElse(0);
    List<RoundMetrics> metrics = Sinks.earlier(run, done);
    SparkRounds rounds = new SparkRounds(spark, run, lease, plan, manifest, shardFolder, newest);

    progress.start(plan.totalSteps(), plan.stepsAfter(done));
    String compute =
        done < plan.rounds() ? train(spark, run, lease, plan, rounds, metrics, done) : "";
    progress.end();
    return new PretrainResult(
        run.root().toString(),
        plan.stepsAfter(done),
        plan.totalSteps(),
        rounds.length(),
        compute,
        metrics);
  }

  /** Trains the rounds after {@code done}; adds what they measure to {@code metrics}. */
  private String train(
      JavaSparkContext spark,
      RunDirectory run,
      Lease lease,
      RoundPlan plan,
      SparkRounds rounds,
      List<RoundMetrics> metrics,
      int done)
      throws IOException {
    String compute = "";
    try (Sinks sinks = new Sinks(run, plan, lease.number(), plan.stepsAfter(done))) {
      for (int round = done + 1; round <= plan.rounds(); round++) {
        int workers = workers(spark);
        long start = System.nanoTime();
        RoundResult result = rounds.train(round, workers);
        double seconds = (System.nanoTime() - start) * 1e-9;
        RoundMetrics measured = measured(round, plan, workers, result.trained(), seconds);
        metrics.add(measured);
        sinks.measured(measured);
        if (config.checkpoint().logSamples()) {
          run.logSamples(round, plan.stepsAfter(round - 1), result.trained().ids());
        }
        Faults.driverAt(config, Point.METRICS, round);
        if (!result.chunks().isEmpty()) {
          // Metrics first: a state never knows of more rounds than its metrics do.
          sinks.write(metrics);
          rounds.commit(round, result.chunks());
        }
        compute = result.description();
        progress.round(measured, plan.totalSteps());
      }
    }
    return compute;
  }

  private static RunInfo info(
      JavaSparkContext spark, String shards, ShardManifest manifest, RoundPlan plan) {
    return new RunInfo(
        Version.current(),
        spark.version(),
        Machine.description(),
        shards,
        manifest.digest(),
        plan.totalSteps());
  }

  private void announce(StateManifest state, RoundPlan plan) {
    if (state.round() == plan.rounds()) {
      LOG.info("[{}] finished before: {} steps are trained", root, state.step());
    } else {
      LOG.info(
          "[{}] continuing from the state after round {} (step {} of {})",
          root,
          state.round(),
          state.step(),
          plan.totalSteps());
    }
  }

  /** W: as configured, or an executor each, as many as there are now. */
  private int workers(JavaSparkContext spark) {
    int configured = config.train().workers();
    return configured > 0 ? configured : Math.min(Cores.executors(spark), config.train().batch());
  }

  /**
   * What a round measured.
   *
   * @param roundSeconds with all that is around training; of several workers it is what counts
   */
  private RoundMetrics measured(
      int round, RoundPlan plan, int workers, TrainedSteps trained, double roundSeconds) {
    double seconds = workers == 1 ? trained.seconds() : roundSeconds;
    long step = plan.stepsAfter(round);
    int batch = config.train().batch();
    return new RoundMetrics(
        round,
        step,
        plan.epochsAfter(round),
        step * batch,
        workers,
        trained.lossList(),
        seconds,
        trained.seconds(),
        trained.waitSeconds(),
        trained.losses().length * batch / seconds);
  }
}
