package org.longmae.jobs.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.AveragingConfig.Moments;
import org.longmae.conf.Fault.Point;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.Durability;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.Lease;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateManifest;
import org.longmae.jobs.run.StateManifest.Chunk;
import org.longmae.jobs.run.StatePart;
import org.longmae.model.StateVector;

/**
 * Runs rounds as Spark jobs and commits what they leave.
 *
 * <pre>
 *   one worker    one task: train; a state at restart points
 *   W workers     train     W tasks: state → K local steps → parts of the result
 *                 average   a task some parts: their mean over the workers → a file of the state
 * </pre>
 *
 * <p>Between the two stages lies one shuffle. No part of a state comes to the driver: it sees
 * names, checksums, losses and the ids of pictures.
 */
final class SparkRounds {
  private final JavaSparkContext spark;
  private final RunDirectory run;
  private final Lease lease;
  private final RoundPlan plan;
  private final RunOnExecutor onExecutor;
  private final int threads;
  private final long length;
  private Optional<StateManifest> committed;

  /** Of the state after the round that is being trained. */
  private Durability durability = Durability.FORCED;

  /** When the round that is being trained began, by the system's nanoseconds. */
  private long began;

  /** When the round began whose state this driver forced last; nothing before the first. */
  private OptionalLong forcedSince = OptionalLong.empty();

  /**
   * Prepares the rounds that follow {@code committed}.
   *
   * @param shards URI of the shard set's folder
   */
  SparkRounds(
      JavaSparkContext spark,
      RunDirectory run,
      Lease lease,
      RoundPlan plan,
      ShardManifest manifest,
      String shards,
      Optional<StateManifest> committed) {
    this.spark = spark;
    this.run = run;
    this.lease = lease;
    this.plan = plan;
    this.committed = committed;
    this.threads = Cores.ofTask(spark, run.config().compute());
    this.length = Learner.layout(run.config(), manifest.classNames().size()).size();
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    String attempt = "d" + lease.number();
    String root = run.root().toString();
    this.onExecutor =
        new RunOnExecutor(spark.broadcast(hadoop), run.config(), manifest, shards, root, attempt);
  }

  /** Parameters of the model. */
  long length() {
    return length;
  }

  /**
   * Trains a round; its files count only after {@link #commit}.
   *
   * @throws TrainingException if a loss is not finite
   */
  RoundResult train(int round, int workers) throws IOException {
    began = System.nanoTime();
    durability = durability(round);
    RoundResult result = workers == 1 ? alone(round) : together(round, workers);
    if (!result.failure().isEmpty()) {
      throw new TrainingException(result.failure());
    }
    return result;
  }

  /** Makes the state after the round the one to restart from. */
  void commit(int round, List<Chunk> chunks) throws IOException {
    StateManifest state = manifest(round, chunks);
    Faults.driverAt(run.config(), Point.COMMIT, round);
    lease.check();
    run.states().commit(state);
    committed = Optional.of(state);
    if (state.durability() == Durability.FORCED) {
      forcedSince = OptionalLong.of(began);
    }
    Faults.driverAt(run.config(), Point.PRUNE, round);
    run.states().prune(run.config().checkpoint().keepStates());
  }

  /**
   * Forced is the first state of a driver, one beside each checkpoint, and one each so many
   * seconds; where rounds take longer, each. That, and the round that it fails in, is what a power
   * failure may cost.
   */
  private Durability durability(int round) {
    boolean due =
        forcedSince.isEmpty()
            || (began - forcedSince.getAsLong()) * 1e-9 >= run.config().checkpoint().syncSeconds();
    return due || plan.isCheckpoint(round) ? Durability.FORCED : Durability.LAZY;
  }

  private RoundResult alone(int round) {
    describe(round, "");
    // Where the number of workers follows the cluster, the next round may be one of several.
    boolean restartPoint = plan.isRestartPoint(round) || run.config().train().workers() != 1;
    TrainRound.Task task =
        new TrainRound.Task(
            round,
            plan.stepsAfter(round - 1),
            plan.stepsAfter(round),
            saved().orElse(null),
            restartPoint ? folder(round) : null,
            durability,
            plan.isCheckpoint(round) ? weights(round) : null,
            threads);
    return spark.parallelize(List.of(task), 1).map(new TrainRound(onExecutor)).first();
  }

  private RoundResult together(int round, int workers) throws IOException {
    if (committed.isEmpty()) {
      describe(0, ": initial weights");
      commit(0, write(new WriteState.Task(null, folder(0), durability, null, threads)));
    }
    describe(round, ", " + workers + " workers");
    SavedState before = saved().orElseThrow();
    List<StatePart> parts = StatePart.of(exchanged(), length);
    List<WorkerRound.Task> tasks =
        IntStream.range(0, workers)
            .mapToObj(
                worker ->
                    new WorkerRound.Task(
                        round, worker, workers, before, plan.stepsAfter(round), parts, threads))
            .toList();
    AverageParts.Round averaged =
        new AverageParts.Round(
            round, workers, parts, before, folder(round), durability, plan.meanRate(round));
    JavaPairRDD<Long, Parcel> sent =
        spark.parallelize(tasks, workers).mapPartitionsToPair(new WorkerRound(onExecutor));
    JavaRDD<AverageParts.Made> made =
        PartKey.shuffled(sent, parts.size()).mapPartitions(new AverageParts(onExecutor, averaged));
    RoundResult result = result(made.collect());
    // Spark would keep the shuffle's files until the driver's next garbage collection.
    made.rdd().cleanShuffleDependencies(false);
    if (result.failure().isEmpty() && plan.isCheckpoint(round)) {
      describe(round, ": checkpoint");
      SavedState after = new SavedState(folder(round), manifest(round, result.chunks()));
      write(new WriteState.Task(after, null, durability, weights(round), threads));
    }
    return result;
  }

  private RoundResult result(List<AverageParts.Made> made) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    List<WorkerReport> reports = new ArrayList<>();
    for (AverageParts.Made part : made) {
      chunks.addAll(part.chunks());
      if (!part.report().isEmpty()) {
        reports.add(Json.parse(part.report(), WorkerReport.class, "report of a worker"));
      }
    }
    chunks.sort(Comparator.comparing(Chunk::vector).thenComparing(Chunk::offset));
    reports.sort(Comparator.comparing(WorkerReport::worker));
    String failure =
        reports.stream().map(WorkerReport::failure).collect(Collectors.joining("\n")).trim();
    if (!failure.isEmpty()) {
      return new RoundResult(TrainedSteps.none(), "", List.of(), failure);
    }
    String description = reports.get(0).description();
    return new RoundResult(TrainedSteps.merged(reports), description, chunks, "");
  }

  private List<Chunk> write(WriteState.Task task) {
    return spark.parallelize(List.of(task), 1).map(new WriteState(onExecutor)).first();
  }

  /** What workers send: all of their state, less moments that the next round starts anew. */
  private List<StateVector> exchanged() {
    List<StateVector> vectors = new ArrayList<>(List.of(StateVector.PARAMETERS));
    if (run.config().averaging().moments() == Moments.AVERAGED) {
      vectors.add(StateVector.FIRST_MOMENT);
      vectors.add(StateVector.SECOND_MOMENT);
    }
    if (run.config().optim().emaDecay() > 0) {
      vectors.add(StateVector.AVERAGE);
    }
    return vectors;
  }

  private StateManifest manifest(int round, List<Chunk> chunks) {
    return new StateManifest(round, plan.stepsAfter(round), length, chunks, durability);
  }

  private Optional<SavedState> saved() {
    return committed.map(state -> new SavedState(folder(state.round()), state));
  }

  private String folder(int round) {
    return run.states().folder(round).toString();
  }

  private String weights(int round) {
    Path file = run.weights((int) plan.epochsAfter(round));
    return file.toString();
  }

  /** Names the job in Spark's pages. */
  private void describe(int round, String what) {
    RunConfig config = run.config();
    spark.setJobDescription(
        String.format(
            "%s: round %d of %d, L=%d%s",
            run.root().getName(), round, plan.rounds(), config.sequenceLength(), what));
  }
}
