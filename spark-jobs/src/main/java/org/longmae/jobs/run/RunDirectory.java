package org.longmae.jobs.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.data.file.CommittedFile;

/**
 * One pre-training run on the file system.
 *
 * <pre>
 *   config.conf      the resolved configuration
 *   run.json         see {@link RunInfo}
 *   lease/           who drives it, see {@link Lease}
 *   state/           restart states, see {@link StateStore}
 *   checkpoints/     epoch-0050/model.safetensors, and model_ema.safetensors where there is an average;
 *                    epoch-0000, where there is one, is what the run starts from
 *   import.json      where these weights came from
 *   metrics.jsonl    see {@link MetricsLog}
 *   samples/         round-000123.json, see {@link SampleLog}, where they are logged
 * </pre>
 */
public final class RunDirectory {
  /** Where a run says where it came from; there once it has started. */
  static final String INFO = "run.json";

  /** What cannot change a run's result may change at a restart. */
  private static final List<String> MAY_CHANGE =
      List.of(
          "checkpoint.",
          "evaluate.",
          "data.decode-threads",
          "data.prefetch",
          "train.recompute",
          "train.workers",
          "fault",
          "compute.threads");

  private static final String METRICS = "metrics.jsonl";

  /** What has no part in fine-tuning, so that runs may share training from scratch. */
  private static final List<String> NO_PART_IN_FINETUNING =
      List.of("mask.", "loss.", "model.decoder", "model.prediction-downsampling");

  private final FileSystem fs;
  private final Path root;
  private final RunConfig config;

  private RunDirectory(FileSystem fs, Path root, RunConfig config) {
    this.fs = fs;
    this.root = root;
    this.config = config;
  }

  /**
   * Starts a run, or takes up the one that is there.
   *
   * @throws ConfigException if the run that is there has other settings
   */
  public static RunDirectory open(FileSystem fs, Path root, RunConfig config) throws IOException {
    Path file = configFile(root);
    if (fs.exists(file)) {
      RunConfig stored = readConfig(fs, file);
      List<String> differences = ConfigLoader.differences(config, stored, mayChange(config));
      if (!differences.isEmpty()) {
        throw new ConfigException(
            "",
            String.format(
                "[%s] the run must go on with its own settings but was given %s; choose another"
                    + " --out, or the old settings",
                file, String.join("; ", differences)));
      }
    } else {
      try {
        fs.mkdirs(root);
        CommittedFile.write(fs, file, ConfigLoader.render(config));
      } catch (IOException e) {
        throw notWritable(root, e);
      }
    }
    return new RunDirectory(fs, root, config);
  }

  private static List<String> mayChange(RunConfig config) {
    List<String> keys = new ArrayList<>(MAY_CHANGE);
    switch (config.task()) {
      case PRETRAIN -> keys.add("finetune.");
      case FINETUNE -> keys.addAll(NO_PART_IN_FINETUNING);
    }
    return keys;
  }

  /**
   * Starts a run anew in a folder whose run has not begun.
   *
   * @throws ConfigException if it has
   */
  public static RunDirectory anew(FileSystem fs, Path root, RunConfig config) throws IOException {
    requireNotBegun(fs, root);
    fs.delete(configFile(root), false);
    return open(fs, root, config);
  }

  /**
   * Makes sure that a folder has no run that has begun.
   *
   * @throws ConfigException if it has one
   */
  public static void requireNotBegun(FileSystem fs, Path root) throws IOException {
    if (fs.exists(new Path(root, "state")) || fs.exists(new Path(root, METRICS))) {
      throw new ConfigException(
          "", "[" + root + "] the run must not have begun but has; choose another --out");
    }
  }

  /**
   * Opens a run to look at it.
   *
   * @throws ConfigException if there is no run
   */
  public static RunDirectory existing(FileSystem fs, Path root) throws IOException {
    Path file = configFile(root);
    if (!fs.exists(file)) {
      throw new ConfigException("", "[" + root + "] is no run directory: it has no config.conf");
    }
    return new RunDirectory(fs, root, readConfig(fs, file));
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /** The file system that it lies on. */
  public FileSystem fileSystem() {
    return fs;
  }

  /** The run's configuration. */
  public RunConfig config() {
    return config;
  }

  /** Says where the run came from. */
  public void describe(RunInfo info) throws IOException {
    CommittedFile.write(fs, new Path(root, INFO), Json.pretty(info));
  }

  /**
   * Makes this driver the only one of the run.
   *
   * @throws LeaseException if another driver has it
   */
  public Lease lease() throws IOException {
    Duration lapse = Duration.ofSeconds(config.checkpoint().leaseSeconds());
    try {
      return Lease.take(fs, new Path(root, "lease"), lapse);
    } catch (LeaseException e) {
      throw e;
    } catch (IOException e) {
      throw notWritable(root, e);
    }
  }

  private static IOException notWritable(Path root, IOException cause) {
    String message =
        "[" + root + "] a run's folder must be writable but is not: " + cause.getMessage();
    return new IOException(message, cause);
  }

  /**
   * Makes sure that no driver has the run in a folder, if there is one.
   *
   * @throws LeaseException if one has it
   */
  public static void requireFree(FileSystem fs, Path root, RunConfig config) throws IOException {
    Duration lapse = Duration.ofSeconds(config.checkpoint().leaseSeconds());
    Lease.requireFree(fs, new Path(root, "lease"), lapse);
  }

  /** Where it came from. */
  public RunInfo info() throws IOException {
    Path file = new Path(root, INFO);
    return Json.parse(CommittedFile.readText(fs, file), RunInfo.class, file.toString());
  }

  /** {@code running}, {@code silent} or {@code stopped}. */
  String leaseState() throws IOException {
    Duration lapse = Duration.ofSeconds(config.checkpoint().leaseSeconds());
    return Lease.state(fs, new Path(root, "lease"), lapse);
  }

  /** Who drives it, or did last; empty if nobody has. */
  String driver() throws IOException {
    return Lease.driver(fs, new Path(root, "lease"));
  }

  /** Its restart states. */
  public StateStore states() {
    return new StateStore(fs, new Path(root, "state"));
  }

  /** Its metrics. */
  public MetricsLog metrics() {
    return new MetricsLog(fs, new Path(root, METRICS));
  }

  /** Writes down which pictures a round trained on. */
  public void logSamples(int round, long firstStep, List<long[]> steps) throws IOException {
    SampleLog log = new SampleLog(round, firstStep, steps);
    CommittedFile.write(fs, samples(round), Json.line(log) + "\n");
  }

  /** Where a round's pictures are written down, if they are. */
  public Path samples(int round) {
    return new Path(root, String.format("samples/round-%06d.json", round));
  }

  /** Where the weights after an epoch belong. */
  public Path weights(int epoch) {
    return weights(root, epoch);
  }

  /** Where weights belong that the run in a folder starts from, if it does not draw them. */
  public static Path initialWeights(Path root) {
    return weights(root, 0);
  }

  private static Path weights(Path root, int epoch) {
    return new Path(root, String.format("checkpoints/epoch-%04d/model.safetensors", epoch));
  }

  /** Where the average of the weights belongs whose own place is {@code weights}. */
  public static Path average(Path weights) {
    return new Path(weights.getParent(), "model_ema.safetensors");
  }

  /** The weights of the newest checkpoint, if any. */
  public Optional<Path> newestWeights() throws IOException {
    Path checkpoints = new Path(root, "checkpoints");
    if (!fs.exists(checkpoints)) {
      return Optional.empty();
    }
    Optional<Path> newest = Optional.empty();
    for (FileStatus status : fs.listStatus(checkpoints)) {
      Path weights = new Path(status.getPath(), "model.safetensors");
      boolean newer = newest.map(path -> weights.compareTo(path) > 0).orElse(true);
      if (newer && fs.exists(weights)) {
        newest = Optional.of(weights);
      }
    }
    return newest;
  }

  private static Path configFile(Path root) {
    return new Path(root, "config.conf");
  }

  private static RunConfig readConfig(FileSystem fs, Path file) throws IOException {
    return new ConfigLoader().text(CommittedFile.readText(fs, file), file.toString()).run();
  }
}
