package org.longmae.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.bench.GemmRate;
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
          + " needs: how much, for what, and by which settings.",
      "A run is named as for pretrain; pictures are those of data.shards, or usual ones."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  /** Of which the system keeps some. */
  private static final double USABLE = 0.95;

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores of an executor; default: compute.threads, or this machine's.")
  private Optional<Integer> cores = Optional.empty();

  @Override
  public Integer call() throws Exception {
    RunConfig run = options.loader().run();
    int threads = cores.orElse(Cores.ofMachine(run.compute()));
    if (threads < 1) {
      throw new ConfigException("", "--cores must be at least 1 but was " + threads);
    }
    String compute;
    try (MatrixProduct product = MatrixProduct.open(run.compute(), threads)) {
      compute = product.description();
    }
    double rate = GemmRate.measure(run.compute(), threads);
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
