package org.longmae.jobs.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ComputeConfig;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.run.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every executor of a cluster for its health.
 *
 * @param driverBuild of the code that asks, see {@link Build}
 * @param finishedMillis the driver's time since 1970 at which it heard of a task's end, by the task
 * @param executors that the cluster had
 * @param healths of those that answered
 * @param failures of those that could not: what went wrong by executor
 * @param folderObstacle why the driver cannot use the run's folder; empty if it can
 */
public record ClusterTrial(
    String driverBuild,
    Map<Long, Long> finishedMillis,
    int executors,
    List<ExecutorHealth> healths,
    Map<String, String> failures,
    String folderObstacle) {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterTrial.class);

  /** Settings under which an executor that fails every task does not fail the others' too. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "spark.excludeOnFailure.enabled", "true",
          "spark.excludeOnFailure.task.maxTaskAttemptsPerNode", "64",
          "spark.excludeOnFailure.stage.maxFailedExecutorsPerNode", "64",
          "spark.task.maxFailures", "100");

  /** Executors come one by one; after so long without another one, they are taken to be all. */
  private static final long QUIET_SECONDS = 8;

  private static final long PATIENCE_SECONDS = 120;
  private static final int TASKS_PER_CORE = 2;
  private static final int JOBS = 5;

  /**
   * Asks.
   *
   * @param run folder of a run to be that executors must be able to write; none to leave that out
   */
  public static ClusterTrial of(JavaSparkContext spark, ComputeConfig compute, Optional<Path> run)
      throws IOException {
    String trial = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    int wanted = spark.getConf().getInt("spark.executor.instances", 0);
    int executors = spark.isLocal() ? 1 : settled(() -> executors(spark), wanted);
    String build = Build.current();
    if (run.isEmpty()) {
      return ask(spark, compute, executors, build, "", trial);
    }
    ProbedFolder folder;
    try {
      folder = ProbedFolder.create(spark.hadoopConfiguration(), run.get(), trial);
    } catch (IOException e) {
      ClusterTrial rest = ask(spark, compute, executors, build, "", trial);
      return rest.withFolderObstacle("[" + run.get() + "] " + Failures.message(e));
    }
    try (folder) {
      return ask(spark, compute, executors, build, folder.uri(), trial);
    }
  }

  private ClusterTrial withFolderObstacle(String obstacle) {
    return new ClusterTrial(driverBuild, finishedMillis, executors, healths, failures, obstacle);
  }

  /** Those that there are now; the driver is one of those that the tracker tells of. */
  private static int executors(JavaSparkContext spark) {
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  /** Waits until all that are wanted are there; if nobody says how many, until no more come. */
  private static int settled(IntSupplier count, int wanted) {
    long start = System.nanoTime();
    long changed = start;
    int last = count.getAsInt();
    while (secondsSince(start) < PATIENCE_SECONDS
        && (wanted > 0 ? last < wanted : secondsSince(changed) < QUIET_SECONDS)) {
      try {
        Thread.sleep(TimeUnit.SECONDS.toMillis(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return last;
      }
      int now = count.getAsInt();
      changed = now == last ? changed : System.nanoTime();
      last = now;
    }
    return last;
  }

  private static long secondsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
  }

  private static ClusterTrial ask(
      JavaSparkContext spark,
      ComputeConfig compute,
      int executors,
      String build,
      String folder,
      String trial) {
    CollectionAccumulator<String> found = spark.sc().collectionAccumulator("healths");
    HealthProbe probe =
        new HealthProbe(
            spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())),
            found,
            compute,
            Cores.ofTask(spark, compute),
            folder,
            trial);
    EndedTasks ended = new EndedTasks();
    spark.sc().addSparkListener(ended);
    int tasks = Math.max(executors, spark.defaultParallelism()) * TASKS_PER_CORE;
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    // Tasks go where there is room: a fast executor may take those meant for a slow one. Without
    // executors a job would wait for ever.
    for (int job = 1;
        job <= JOBS && found.value().size() + ended.failures.size() < executors;
        job++) {
      try {
        spark.setJobDescription("doctor: health of executors");
        spark.parallelize(numbers, tasks).foreach(probe);
      } catch (RuntimeException e) {
        LOG.debug("No executor was left for a task", e);
      }
      ended.await(job);
    }
    spark.sc().removeSparkListener(ended);
    return new ClusterTrial(
        build,
        Map.copyOf(ended.finished),
        executors,
        parsed(found.value()),
        new TreeMap<>(ended.failures),
        "");
  }

  private static List<ExecutorHealth> parsed(List<String> lines) {
    List<ExecutorHealth> healths = new ArrayList<>();
    for (String line : lines) {
      try {
        healths.add(Json.parse(line, ExecutorHealth.class, "an executor's answer"));
      } catch (IOException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
    healths.sort(Comparator.comparing(ExecutorHealth::where));
    return healths;
  }

  /** How tasks ended; told by Spark a moment after the job's end. */
  private static final class EndedTasks extends SparkListener {
    /** The first failure of each executor. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    private final Map<Long, Long> finished = new ConcurrentHashMap<>();
    private int jobs;

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      TaskInfo task = end.taskInfo();
      finished.put(task.taskId(), task.finishTime());
      if (end.reason() instanceof ExceptionFailure failure) {
        failures.putIfAbsent(
            ExecutorHealth.where(task.executorId(), task.host()),
            failure.className() + ": " + failure.description());
      }
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd end) {
      jobs++;
      notifyAll();
    }

    synchronized void await(int ended) {
      try {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (jobs < ended && System.nanoTime() < deadline) {
          wait(TimeUnit.SECONDS.toMillis(1));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
