package org.longmae.jobs.doctor;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.ComputeConfig;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.jobs.bench.GemmRate;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.platform.TaskGpu;
import org.longmae.jobs.run.Json;
import org.longmae.model.MatrixProduct;
import org.longmae.model.aten.AtenLibrary;

/**
 * Looks at the executor that a task runs in; once in a trial, however many tasks come to it. What
 * it finds is added to an accumulator: results of tasks are lost if another executor fails the job.
 */
final class HealthProbe implements VoidFunction<Integer> {
  private static final long serialVersionUID = 1L;
  private static final int SIDE = 16;

  /** Trials that this JVM has been part of. */
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private final Broadcast<SerializableConfiguration> hadoop;
  private final CollectionAccumulator<String> found;
  private final ComputeConfig compute;
  private final int threads;
  private final String folder;
  private final String trial;

  /**
   * A trial.
   *
   * @param found takes {@link ExecutorHealth} as JSON
   * @param threads of a task
   * @param folder that executors must be able to write, see {@link ProbedFolder}; empty for none
   * @param trial names it
   */
  HealthProbe(
      Broadcast<SerializableConfiguration> hadoop,
      CollectionAccumulator<String> found,
      ComputeConfig compute,
      int threads,
      String folder,
      String trial) {
    this.hadoop = hadoop;
    this.found = found;
    this.compute = compute;
    this.threads = threads;
    this.folder = folder;
    this.trial = trial;
  }

  @Override
  public void call(Integer task) {
    if (SEEN.add(trial)) {
      found.add(Json.line(health(TaskContext.get(), hadoop.value().value())));
    }
  }

  private ExecutorHealth health(TaskContext task, Configuration configuration) {
    SparkEnv env = SparkEnv.get();
    String executor = env.executorId();
    Computed computed = computed(TaskGpu.index(task));
    String codec = codecObstacle();
    String shared = folder.isEmpty() ? "" : ProbedFolder.obstacle(configuration, folder, executor);
    return new ExecutorHealth(
        executor,
        env.blockManager().blockManagerId().host(),
        System.getProperty("java.version"),
        Build.current(),
        task.taskAttemptId(),
        System.currentTimeMillis(),
        computed.by(),
        computed.obstacle(),
        computed.gflopsPerSecond(),
        codec,
        shared,
        Runtime.getRuntime().maxMemory(),
        Machine.memoryBytes(),
        Machine.freeMemoryBytes(),
        TaskGpu.addresses(task),
        NvidiaDriver.gpus());
  }

  private record Computed(String by, String obstacle, double gflopsPerSecond) {}

  private Computed computed(int device) {
    // An automatic choice falls back where the fast path is missing: that is to be known.
    String obstacle =
        compute.backend() == ComputeConfig.Backend.ND4J ? "" : AtenLibrary.obstacle().orElse("");
    try (MatrixProduct product = MatrixProduct.open(compute, threads, device)) {
      return new Computed(product.description(), obstacle, GemmRate.measure(product));
    } catch (RuntimeException | LinkageError e) {
      return new Computed("", Failures.message(e), 0);
    }
  }

  private static String codecObstacle() {
    try {
      byte[] grey = new byte[SIDE * SIDE * Picture.RGB];
      PictureCodec.decode(PictureCodec.jpeg(new Picture(SIDE, SIDE, grey), 100));
      return "";
    } catch (Exception | LinkageError e) {
      return Failures.message(e);
    }
  }
}
