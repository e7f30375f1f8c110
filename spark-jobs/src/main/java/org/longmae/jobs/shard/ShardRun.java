package org.longmae.jobs.shard;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.DataConfig;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardOutcome;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;

/**
 * Builds the shards of a plan that are not in place, and stops all tasks once it is certain that
 * too many pictures are unreadable: when those of finished shards are, or those of one shard alone.
 */
final class ShardRun {
  private static final long LOOK_MILLIS = 200;

  private final DataConfig config;
  private final Path target;
  private final List<ShardPlan> plans;
  private final List<ShardResult> reused;
  private final List<Quarantined> before;
  private final ShardProgress progress;
  private final Map<String, Integer> picturesOf = new HashMap<>();
  private final long pictures;
  private final long mostBad;

  /**
   * @param before pictures that were left out when the source was listed
   */
  ShardRun(
      DataConfig config,
      Path target,
      List<ShardPlan> plans,
      List<ShardResult> reused,
      List<Quarantined> before,
      ShardProgress progress) {
    this.config = config;
    this.target = target;
    this.plans = plans;
    this.reused = reused;
    this.before = before;
    this.progress = progress;
    plans.forEach(plan -> picturesOf.put(plan.file(), plan.pictures().size()));
    pictures = before.size() + picturesOf.values().stream().mapToLong(Integer::longValue).sum();
    mostBad = (long) Math.floor(config.maxBadFraction() * pictures);
  }

  /** Pictures of all shards. */
  long pictures() {
    return pictures;
  }

  /**
   * The results of all shards, of this call and of those before.
   *
   * @throws TooManyBadException if more pictures are unreadable than may be
   */
  List<ShardResult> results(
      JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, String directory)
      throws IOException, TooManyBadException {
    Set<String> inPlace = new HashSet<>();
    reused.forEach(result -> inPlace.add(result.file().name()));
    List<ShardPlan> open = plans.stream().filter(plan -> !inPlace.contains(plan.file())).toList();
    CollectionAccumulator<ShardOutcome> outcomes = new CollectionAccumulator<>();
    spark.sc().register(outcomes);
    try {
      look(List.of());
      if (!open.isEmpty()) {
        BuildShards body =
            new BuildShards(
                hadoop, directory, config, mostBad, ShardCounters.in(spark.sc()), outcomes);
        watch(spark.parallelize(open, open.size()).foreachAsync(body), outcomes);
      }
      return look(outcomes.value());
    } finally {
      progress.end();
    }
  }

  private void watch(JavaFutureAction<Void> building, CollectionAccumulator<ShardOutcome> outcomes)
      throws IOException, TooManyBadException {
    boolean ended = false;
    try {
      while (!ended) {
        ended = isEnded(building);
        look(outcomes.value());
      }
    } finally {
      if (!ended) {
        building.cancel(true);
      }
    }
  }

  private boolean isEnded(JavaFutureAction<Void> building) throws IOException {
    try {
      building.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("[" + target + "] making shards was interrupted");
    } catch (CancellationException | ExecutionException e) {
      throw new IOException("[" + target + "] Cannot make shards", e);
    }
  }

  /** Tells how far it is; gives the results of all finished shards. */
  private List<ShardResult> look(List<ShardOutcome> outcomes) throws TooManyBadException {
    List<ShardResult> results = new ArrayList<>(reused);
    List<Quarantined> bad = new ArrayList<>(before);
    reused.forEach(result -> bad.addAll(result.quarantined()));
    for (ShardOutcome outcome : outcomes) {
      bad.addAll(outcome.quarantined());
      if (outcome instanceof ShardResult result) {
        results.add(result);
      }
    }
    if (bad.size() > mostBad) {
      throw new TooManyBadException(bad);
    }
    long done =
        before.size()
            + results.stream().mapToLong(result -> picturesOf.get(result.file().name())).sum();
    progress.at(done, pictures, bad.size());
    return results;
  }
}
