package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.ShardManifest;
import org.longmae.jobs.plan.Calibration;
import org.longmae.jobs.plan.FinetunePlan;
import org.longmae.jobs.plan.MemoryFit;
import org.longmae.jobs.plan.PlanJson;
import org.longmae.jobs.plan.PlanRefusal;
import org.longmae.jobs.plan.PlanSettings;
import org.longmae.jobs.plan.PlanTable;
import org.longmae.jobs.plan.PointPlan;
import org.longmae.jobs.plan.Rate;
import org.longmae.jobs.plan.TrainingSet;
import org.longmae.jobs.platform.FileSystems;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.sweep.SweepPoint;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code longmae plan}. */
@Command(
    name = "plan",
    description =
        "Says what a run, or every point of sweep.points, will take, before anything starts:"
            + " arithmetic, memory, exchange, time and money. Refuses what does not fit.")
public final class PlanCommand implements Callable<Integer> {
  /** The system keeps some. */
  private static final double USABLE = 0.95;

  private static final double GIB = 1 << 30;

  @Mixin private CommonOptions common;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "Training pictures; default: those of data.shards.")
  private Optional<Long> images = Optional.empty();

  @ArgGroup private Speed speed = new Speed();

  @Option(
      names = "--memory",
      paramLabel = "GIB",
      description = "Memory of a worker; default: 95 %% of this machine's.")
  private Optional<Double> memory = Optional.empty();

  @Option(
      names = "--workers",
      paramLabel = "W",
      description = "Workers that share train.batch images a step; default: train.workers.")
  private Optional<Integer> workers = Optional.empty();

  @Option(names = "--price", paramLabel = "X", description = "Price of an hour of one worker.")
  private Optional<Double> price = Optional.empty();

  /** How the rate of a worker is known. */
  private static final class Speed {
    @Option(
        names = "--rate",
        paramLabel = "GFLOPS",
        description = "Rate of a worker in whole steps, in 10⁹ operations a second.")
    private Optional<Double> rate = Optional.empty();

    @Option(
        names = "--calibrate",
        description = "Time some steps on this machine; the default without --rate.")
    private boolean calibrate;
  }

  @Override
  public Integer call() throws Exception {
    ConfigLoader loader = options.loader();
    if (workers.isPresent()) {
      requirePositive("--workers", workers.get());
      loader.set("train.workers=" + workers.get());
    }
    List<RunConfig> points =
        SweepPoint.of(loader.sweep()).stream().map(SweepPoint::config).toList();
    List<RunConfig> runs = points.isEmpty() ? List.of(loader.run()) : points;
    PlanSettings settings = settings(runs.get(0));
    Rates rates = rates();
    Map<String, ShardManifest> known = new HashMap<>();
    List<PointPlan> plans = new ArrayList<>();
    List<TrainingSet> sets = new ArrayList<>();
    for (RunConfig run : runs) {
      Optional<ShardManifest> pictures = pictures(run, known);
      TrainingSet set = pictures.map(TrainingSet::of).orElseGet(() -> TrainingSet.of(images.get()));
      sets.add(set);
      MemoryFit fit = MemoryFit.of(run, set, settings.memoryBytes());
      plans.add(PointPlan.of(run, set, fit, rates.of(run, pictures), settings));
    }
    Optional<FinetunePlan> finetune = FinetunePlan.of(runs, plans, sets);
    System.out.println(PlanTable.text(plans));
    finetune.ifPresent(plan -> System.out.println(plan.text()));
    common.write(PlanJson.of(plans, finetune, settings));
    Optional<String> refusal = PlanRefusal.of(plans, settings);
    if (refusal.isPresent()) {
      throw new ConfigException("train.batch", refusal.get());
    }
    return 0;
  }

  private PlanSettings settings(RunConfig first) {
    long machine = (long) (USABLE * Machine.memoryBytes());
    memory.ifPresent(value -> requirePositive("--memory", value));
    price.ifPresent(value -> requirePositive("--price", value));
    return new PlanSettings(
        Math.max(1, first.train().workers()),
        memory.map(gib -> (long) (gib * GIB)).orElse(machine),
        price.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  /** Of a worker that trains a run on pictures, if they are there. */
  private interface Rates {
    Rate of(RunConfig run, Optional<ShardManifest> pictures) throws IOException;
  }

  private Rates rates() {
    if (speed.rate.isPresent()) {
      requirePositive("--rate", speed.rate.get());
      Rate given = new Rate(speed.rate.get(), "given by --rate");
      return (run, pictures) -> given;
    }
    return new Calibration(step -> System.err.println("longmae: " + step))::of;
  }

  private static void requirePositive(String option, double value) {
    if (!(value > 0)) {
      throw new ConfigException("", option + " must be positive but was " + value);
    }
  }

  /** The pictures of a run, empty if {@code --images} stands for them; they are read once. */
  private Optional<ShardManifest> pictures(RunConfig run, Map<String, ShardManifest> known)
      throws IOException {
    if (images.isPresent()) {
      requirePositive("--images", images.get());
      return Optional.empty();
    }
    String shards = run.data().shards();
    if (shards.isEmpty()) {
      throw new ConfigException(
          "data.shards",
          "data.shards must name a shard set, or --images say how many training pictures there"
              + " are, but neither is set");
    }
    if (!known.containsKey(shards)) {
      Path folder = FileSystems.qualified(shards);
      known.put(
          shards, ShardManifest.read(folder.getFileSystem(FileSystems.configuration()), folder));
    }
    return Optional.of(known.get(shards));
  }
}
