package org.longmae.jobs.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.StateManifest;

/** Runs rounds as Spark jobs of one task and commits what they leave. */
final class SparkRounds {
  private final JavaSparkContext spark;
  private final RunDirectory run;
  private final RoundPlan plan;
  private final TrainRound body;
  private Optional<StateManifest> committed;

  /**
   * Prepares the rounds that follow {@code committed}.
   *
   * @param shards URI of the shard set's folder
   */
  SparkRounds(
      JavaSparkContext spark,
      RunDirectory run,
      RoundPlan plan,
      ShardManifest manifest,
      String shards,
      Optional<StateManifest> committed) {
    this.spark = spark;
    this.run = run;
    this.plan = plan;
    this.committed = committed;
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    String attempt = run.root() + "#" + UUID.randomUUID();
    this.body = new TrainRound(spark.broadcast(hadoop), run.config(), manifest, shards, attempt);
  }

  /** Trains a round; its files count only after {@link #commit}. */
  TrainRound.Result train(int round) {
    RunConfig config = run.config();
    spark.setJobDescription(
        String.format(
            "%s: round %d of %d, L=%d",
            run.root().getName(), round, plan.rounds(), config.sequenceLength()));
    return spark.parallelize(List.of(task(round)), 1).map(body).first();
  }

  /** Makes the state after the round the one to restart from. */
  void commit(int round, TrainRound.Result result) throws IOException {
    StateManifest state =
        new StateManifest(round, plan.stepsAfter(round), result.stateLength(), result.chunks());
    run.states().commit(state);
    run.states().prune(run.config().checkpoint().keepStates());
    committed = Optional.of(state);
  }

  /** The state to restart from. */
  Optional<StateManifest> committed() {
    return committed;
  }

  private TrainRound.Task task(int round) {
    SavedState start =
        committed
            .map(state -> new SavedState(run.states().folder(state.round()).toString(), state))
            .orElse(null);
    String state = run.states().folder(round).toString();
    String weights = run.weights((int) plan.epochsAfter(round)).toString();
    return new TrainRound.Task(
        plan.stepsAfter(round - 1),
        plan.stepsAfter(round),
        start,
        plan.isRestartPoint(round) ? state : null,
        plan.isCheckpoint(round) ? weights : null,
        Cores.ofTask(spark, run.config().compute()));
  }
}
