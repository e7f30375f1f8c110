package org.longmae.jobs.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.bench.GemmRate;
import org.longmae.jobs.doctor.ClusterTrial;
import org.longmae.jobs.doctor.Diagnosis;
import org.longmae.jobs.doctor.Finding;
import org.longmae.jobs.plan.ExecutorMemory;
import org.longmae.jobs.plan.TrainingSet;
import org.longmae.jobs.platform.Cores;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.Machine;
import org.longmae.model.MaeSpec;
import org.longmae.model.MatrixProduct;
import org.longmae.model.ParameterLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae doctor}. */
@Command(
    name = "doctor",
    description = {
      "Says what this machine computes with and how fast, and what memory an executor of a run"
          + " needs: how much, for what, and by which settings. With --cluster it asks every"
          + " executor, says what is wrong there and what to do, and ends with 4 if anything is.",
      "A run is named as for pretrain; pictures are those of data.shards, or usual ones."
    })
public final class DoctorCommand implements Callable<Integer> {
  /** The exit code of a run that failed: one would. */
  private static final int NOT_READY = 4;

  private static final double MIB = 1 << 20;

  /** Of which the system keeps some. */
  private static final double USABLE = 0.95;

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--cluster",
      description = "Ask every executor: what it computes with, its code, clock, memory.")
  private boolean cluster;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run directory to be, which executors must share and be able to write.")
  private Optional<String> out = Optional.empty();

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores of an executor; default: compute.threads, or this machine's.")
  private Optional<Integer> cores = Optional.empty();

  @Override
  public Integer call() throws Exception {
    RunConfig run = options.loader().run();
    if (cluster) {
      return askCluster(run);
    }
    if (out.isPresent()) {
      throw new ConfigException("", "--out is tried out by executors and needs --cluster");
    }
    int threads = cores.orElse(Cores.ofMachine(run.compute()));
    if (threads < 1) {
      throw new ConfigException("", "--cores must be at least 1 but was " + threads);
    }
    String compute;
    double rate;
    try (MatrixProduct product = MatrixProduct.open(run.compute(), threads)) {
      compute = product.description();
      rate = GemmRate.measure(product);
    }
    ExecutorMemory memory = ExecutorMemory.of(run, pictures(run), threads);
    long machine = Machine.memoryBytes();
    boolean fits = memory.total() <= USABLE * machine;
    print("machine    %s, %,.0f MiB of memory", Machine.description(), machine / MIB);
    print("compute    %s; one large matrix product: %.0f GFLOP/s", compute, rate);
    print(
        "run        %,d parameters, L = %d, batch %d, %s",
        ParameterLayout.of(MaeSpec.of(run)).size(),
        run.sequenceLength(),
        run.train().batch(),
        run.train().workers() == 0 ? "a worker an executor" : run.train().workers() + " workers");
    print("executor   heap            spark.executor.memory=%dm", memory.heapMib());
    print("             pictures, new objects, Spark %8.0f MiB", memory.pictures() / MIB);
    print("             parts that are averaged      %8.0f MiB", memory.averaged() / MIB);
    print("           outside of it   spark.executor.memoryOverhead=%dm", memory.overheadMib());
    print("             weights, gradient, moments   %8.0f MiB", memory.state() / MIB);
    print("             a step                       %8.0f MiB", memory.step() / MIB);
    print("             code, threads, libraries     %8.0f MiB", memory.process() / MIB);
    print(
        "           together %,.0f MiB: %s",
        memory.total() / MIB,
        fits
            ? "this machine has it"
            : "more than this machine has; longmae plan names settings that need less");
    common.write(json(compute, rate, memory, fits));
    return 0;
  }

  private int askCluster(RunConfig run) throws Exception {
    TrainingSet pictures = pictures(run);
    Optional<Path> folder = Optional.empty();
    if (out.isPresent()) {
      folder = Optional.of(FileSystems.qualified(out.get()));
    }
    try (JavaSparkContext spark = common.spark("doctor", ClusterTrial.SETTINGS)) {
      ClusterTrial trial = ClusterTrial.of(spark, run.compute(), folder);
      int threads = cores.orElse(Cores.ofTask(spark, run.compute()));
      ExecutorMemory memory = ExecutorMemory.of(run, pictures, threads);
      List<Finding> findings =
          Diagnosis.of(trial, spark.getConf(), memory, folder.map(Path::toString).orElse(""));
      ClusterText.print(trial, findings, folder.isPresent(), System.out);
      common.write(
          Map.of("executors", trial.healths(), "failures", trial.failures(), "found", findings));
      return findings.isEmpty() ? 0 : NOT_READY;
    }
  }

  private static Map<String, Object> json(
      String compute, double rate, ExecutorMemory memory, boolean fits) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", Machine.description());
    json.put("machine_bytes", Machine.memoryBytes());
    json.put("compute", compute);
    json.put("gemm_gflops_per_second", rate);
    json.put("executor_memory_mib", memory.heapMib());
    json.put("executor_overhead_mib", memory.overheadMib());
    json.put("executor", memory);
    json.put("fits", fits);
    return json;
  }

  private static TrainingSet pictures(RunConfig run) throws Exception {
    String shards = run.data().shards();
    if (shards.isEmpty()) {
      return TrainingSet.of(0);
    }
    Path folder = FileSystems.qualified(shards);
    return TrainingSet.of(
        ShardManifest.read(folder.getFileSystem(FileSystems.configuration()), folder));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
