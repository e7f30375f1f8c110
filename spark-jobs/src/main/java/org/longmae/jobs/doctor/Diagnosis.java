package org.longmae.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.longmae.jobs.plan.ExecutorMemory;

/** What is wrong with a cluster, told from what its executors say and from Spark's settings. */
public final class Diagnosis {
  private static final String DRIVER = "the driver";
  private static final String MEMORY = "spark.executor.memory";
  private static final String OVERHEAD = "spark.executor.memoryOverhead";

  /** Spark's own defaults, in MiB. */
  private static final long DEFAULT_MEMORY = 1024;

  private static final long DEFAULT_OVERHEAD = 384;
  private static final double DEFAULT_OVERHEAD_FACTOR = 0.1;

  /** A lease lapses after tens of seconds; the word of a task's end takes far less than this. */
  private static final long CLOCK_MILLIS = 5000;

  /** Of a machine's memory, the system keeps some. */
  private static final double USABLE = 0.95;

  private static final double MIB = 1 << 20;

  private Diagnosis() {}

  /**
   * Looks for all that is known to go wrong.
   *
   * @param memory what an executor of the run needs
   * @param folder of the run, for messages
   */
  public static List<Finding> of(
      ClusterTrial trial, SparkConf conf, ExecutorMemory memory, String folder) {
    List<Finding> findings = new ArrayList<>();
    if (!trial.folderObstacle().isEmpty()) {
      findings.add(unwritable(DRIVER, trial.folderObstacle()));
    }
    addAbsent(trial, conf, findings);
    trial
        .failures()
        .forEach((where, failure) -> findings.add(failed(where, failure, trial.driverBuild())));
    for (ExecutorHealth health : trial.healths()) {
      addBuild(health, trial.driverBuild(), findings);
      addNatives(health, findings);
      addClock(health, trial, findings);
      if (!health.folderObstacle().isEmpty()) {
        findings.add(unwritable(health.where(), "[" + folder + "] " + health.folderObstacle()));
      }
    }
    addMixture(trial.healths(), findings);
    if (!conf.get("spark.master", "").startsWith("local")) {
      addSettings(conf, memory, findings);
      addMachines(trial.healths(), memory, findings);
    }
    return findings;
  }

  private static void addAbsent(ClusterTrial trial, SparkConf conf, List<Finding> findings) {
    int wanted = conf.getInt("spark.executor.instances", 1);
    int there = trial.healths().size() + trial.failures().size();
    if (there < Math.max(wanted, trial.executors())) {
      findings.add(
          new Finding(
              "the cluster",
              String.format(
                  Locale.ROOT,
                  "all executors must answer but %d of %d did",
                  there,
                  Math.max(wanted, trial.executors())),
              "look in the resource manager's page for executors that wait or have ended, and in"
                  + " their logs for why; ask for less memory or fewer cores if none has room"));
    }
  }

  private static Finding failed(String where, String failure, String build) {
    boolean otherCode =
        failure.startsWith("java.lang.ClassNotFoundException")
            || failure.startsWith("java.lang.NoClassDefFoundError")
            || failure.startsWith("java.lang.NoSuch")
            || failure.startsWith("java.io.InvalidClassException");
    return otherCode
        ? new Finding(
            where,
            "code must be the driver's, " + build + ", but is of another version: " + failure,
            oneBuild())
        : new Finding(where, "a task must run but failed: " + failure, "see the executor's log");
  }

  private static void addBuild(ExecutorHealth health, String build, List<Finding> findings) {
    if (!build.equals(health.build())) {
      findings.add(
          new Finding(
              health.where(),
              "code must be the driver's, " + build + ", but is " + health.build(),
              oneBuild()));
    }
  }

  private static String oneBuild() {
    return "put the same LongMAE jars into spark.jars for all, and remove others from that"
        + " machine's Spark folder and from spark.executor.extraClassPath";
  }

  private static void addNatives(ExecutorHealth health, List<Finding> findings) {
    if (!health.obstacle().isEmpty()) {
      String fallback =
          health.compute().isEmpty()
              ? "nothing computes there"
              : "it falls back to " + health.compute() + ", which is many times slower";
      findings.add(
          new Finding(
              health.where(),
              "ATen must load but does not: " + health.obstacle() + "; " + fallback,
              "give executors the native jars of their platform (org.bytedeco: pytorch, openblas,"
                  + " javacpp), for a GPU those and the libraries of docs/gpu.md"));
    } else if (!health.gpus().isEmpty() && health.compute().contains("/cpu/")) {
      findings.add(
          new Finding(
              health.where(),
              "a task with a GPU must compute on it but computes by " + health.compute(),
              "build with -Paten-cuda, or do not ask Spark for GPUs (docs/gpu.md)"));
    }
    if (!health.codecObstacle().isEmpty()) {
      findings.add(
          new Finding(
              health.where(),
              "pictures must decode but do not: " + health.codecObstacle(),
              "give executors the native jars of their platform (org.bytedeco: opencv, leptonica,"
                  + " openblas, javacpp)"));
    }
  }

  private static void addClock(ExecutorHealth health, ClusterTrial trial, List<Finding> findings) {
    long finished = trial.finishedMillis().getOrDefault(health.task(), health.clockMillis());
    long ahead = health.clockMillis() - finished;
    if (Math.abs(ahead) > CLOCK_MILLIS) {
      findings.add(
          new Finding(
              health.where(),
              String.format(
                  Locale.ROOT,
                  "the clock must agree with the driver's to %d s but is %.0f s %s",
                  CLOCK_MILLIS / 1000,
                  Math.abs(ahead) * 1e-3,
                  ahead > 0 ? "ahead" : "behind"),
              "keep that machine's time by NTP (chrony, systemd-timesyncd): a lease is judged by"
                  + " the time of its files"));
    }
  }

  private static Finding unwritable(String where, String obstacle) {
    return new Finding(
        where,
        "the run's folder must be shared and writable but is not: " + obstacle,
        "give the user that executors run as the right to write there, or choose another --out, on"
            + " HDFS, an object store or a mount that all machines have");
  }

  private static void addMixture(List<ExecutorHealth> healths, List<Finding> findings) {
    String kinds =
        healths.stream()
            .map(ExecutorHealth::compute)
            .filter(compute -> !compute.isEmpty())
            .distinct()
            .sorted()
            .collect(Collectors.joining("; "));
    if (kinds.contains("; ")) {
      findings.add(
          new Finding(
              "the cluster",
              "executors must compute alike for a round to repeat its bits but there are: " + kinds,
              "set compute.backend, compute.device and compute.precision, or use machines of one"
                  + " kind"));
    }
  }

  private static void addSettings(SparkConf conf, ExecutorMemory memory, List<Finding> findings) {
    long heap = conf.getSizeAsMb(MEMORY, DEFAULT_MEMORY + "m");
    long byFactor =
        (long)
            (heap * conf.getDouble("spark.executor.memoryOverheadFactor", DEFAULT_OVERHEAD_FACTOR));
    long overhead =
        conf.contains(OVERHEAD) ? conf.getSizeAsMb(OVERHEAD) : Math.max(DEFAULT_OVERHEAD, byFactor);
    if (heap < memory.heapMib()) {
      findings.add(tooSmall(MEMORY, memory.heapMib(), heap));
    }
    // A standalone cluster leaves what is outside of the heap to the machine, unless one says more.
    boolean enforced = !conf.get("spark.master", "").startsWith("spark://");
    if (overhead < memory.overheadMib() && (enforced || conf.contains(OVERHEAD))) {
      findings.add(tooSmall(OVERHEAD, memory.overheadMib(), overhead));
    }
  }

  private static Finding tooSmall(String key, long needed, long given) {
    return new Finding(
        "settings",
        String.format(Locale.ROOT, "%s must be at least %dm but is %dm", key, needed, given),
        String.format(Locale.ROOT, "set %s=%dm; longmae doctor says what for", key, needed));
  }

  private static void addMachines(
      List<ExecutorHealth> healths, ExecutorMemory memory, List<Finding> findings) {
    healths.stream()
        .collect(Collectors.groupingBy(ExecutorHealth::host))
        .forEach(
            (host, on) -> {
              double has = USABLE * on.get(0).memoryBytes();
              double needed = (double) on.size() * memory.total();
              if (needed > has) {
                findings.add(
                    new Finding(
                        host,
                        String.format(
                            Locale.ROOT,
                            "%d executors of %,.0f MiB must fit into %,.0f MiB but need %,.0f MiB",
                            on.size(),
                            memory.total() / MIB,
                            has / MIB,
                            needed / MIB),
                        "run fewer executors on a machine, or see longmae plan for settings that"
                            + " need less"));
              }
            });
  }
}
