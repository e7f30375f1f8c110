package org.longmae.jobs.sweep;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.Quarantine;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.FinetuneJob;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.platform.SparkApplication;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.run.LeaseException;
import org.longmae.jobs.train.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains and evaluates every point of a sweep, some at a time, and tells of them in {@code
 * report.html}, {@code report.json}, {@code report.csv}, made again after each point.
 *
 * <p>Input: shard set and points. Output: {@code points/NAME/}, each a run directory with {@code
 * point.json} or {@code failed.json}. Run again, finished points are taken as they are, unfinished
 * ones continue; those that failed are tried again if that is asked for.
 *
 * <p>Points side by side are threads of this driver with a pool each of Spark's fair scheduler. A
 * point's numbers depend on nothing but its configuration, so they are the same in any company; but
 * an executor holds one replica, so points that outnumber executors take turns on them. Example:
 *
 * <pre>
 *   deploy/bin/longmae sweep --preset tiny --set data.shards=shards --out sweep
 * </pre>
 */
public final class SweepJob {
  private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

  private final List<SweepPoint> points;
  private final Path root;
  private final String title;
  private final String command;
  private final Function<SweepPoint, Progress> progress;
  private final Settings settings;
  private volatile boolean stopping;

  /**
   * How a sweep goes about it.
   *
   * @param parallel points at a time
   * @param retriesFailed whether points that failed before are tried again
   * @param baselines folder of what points are compared with, which other sweeps may share; empty
   *     for the sweep's own
   */
  public record Settings(int parallel, boolean retriesFailed, Optional<Path> baselines) {
    /** One at a time, failed ones again. */
    public static final Settings PLAIN = new Settings(1, true, Optional.empty());
  }

  /**
   * A sweep in the folder {@code root}.
   *
   * @param title heads the report
   * @param command what was typed; the report says it
   * @param settings how it goes about them
   * @param progress told of each point's rounds
   */
  public SweepJob(
      List<SweepPoint> points,
      Path root,
      String title,
      String command,
      Settings settings,
      Function<SweepPoint, Progress> progress) {
    this.points = List.copyOf(points);
    this.root = root;
    this.title = title;
    this.command = command;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs what is not finished.
   *
   * @throws IOException if shards cannot be read or the report cannot be written
   */
  public SweepReport run(JavaSparkContext spark) throws IOException {
    FileSystem fs = root.getFileSystem(spark.hadoopConfiguration());
    Path shards = new Path(points.get(0).config().data().shards());
    FileSystem shardFs = shards.getFileSystem(spark.hadoopConfiguration());
    ShardManifest manifest = ShardManifest.read(shardFs, shards);
    List<String> leftOut =
        Quarantine.read(shardFs, shards).stream()
            .map(bad -> bad.path() + ": " + bad.reason())
            .toList();
    int scored = 0;
    for (SweepPoint point : points) {
      scored = check(point.config(), spark);
    }
    SweepFiles files =
        settings
            .baselines()
            .map(shared -> new SweepFiles(fs, root, shared))
            .orElseGet(() -> new SweepFiles(fs, root));
    files.describe(command, settings.parallel(), points);
    Board board = new Board(manifest, scored, leftOut, files);
    ExecutorService pool = Executors.newFixedThreadPool(settings.parallel());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        int place = i;
        running.add(
            pool.submit(
                () -> {
                  board.done(place, point(points.get(place), spark, files));
                  return null;
                }));
      }
      for (Future<?> point : running) {
        wait(point);
      }
    } finally {
      stopping = true;
      pool.shutdownNow();
    }
    return board.report();
  }

  /** Pictures that the point will be scored on. */
  private static int check(RunConfig config, JavaSparkContext spark) throws IOException {
    if (config.evaluate().finetune()) {
      FinetuneJob.check(config, spark.hadoopConfiguration());
    }
    return EvaluateJob.check(config, spark.hadoopConfiguration());
  }

  private static void wait(Future<?> point) throws IOException {
    try {
      point.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while points were trained");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** What has been reported so far; points come in as they end. */
  private final class Board {
    private final ShardManifest manifest;
    private final int scored;
    private final List<String> leftOut;
    private final SweepFiles files;
    private final FinishedPoint[] done = new FinishedPoint[points.size()];

    Board(ShardManifest manifest, int scored, List<String> leftOut, SweepFiles files) {
      this.manifest = manifest;
      this.scored = scored;
      this.leftOut = leftOut;
      this.files = files;
    }

    synchronized void done(int place, FinishedPoint point) throws IOException {
      done[place] = point;
      files.write(report());
    }

    synchronized SweepReport report() {
      List<FinishedPoint> known = Arrays.stream(done).filter(Objects::nonNull).toList();
      return SweepJob.this.report(manifest, scored, leftOut, known);
    }
  }

  private FinishedPoint point(SweepPoint point, JavaSparkContext spark, SweepFiles files)
      throws IOException {
    Optional<FinishedPoint> finished = files.finished(point);
    if (finished.isPresent()) {
      return finished.get();
    }
    Optional<FinishedPoint> failed = files.failed(point);
    if (failed.isPresent() && !settings.retriesFailed()) {
      LOG.warn("[{}] failed before; --retry-failed tries it again", point.name());
      return failed.get();
    }
    files.forgetFailure(point);
    return train(point, spark, files);
  }

  private FinishedPoint train(SweepPoint point, JavaSparkContext spark, SweepFiles files)
      throws IOException {
    spark.setLocalProperty("spark.scheduler.pool", point.name());
    try {
      PointRun run = new PointRun(point, files, progress.apply(point));
      FinishedPoint finished = run.run(spark);
      files.finish(point, finished);
      return finished;
    } catch (ConfigException | LeaseException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked ones that it does not declare.
      if (stopping || SparkApplication.isInterrupted() || spark.sc().isStopped()) {
        // The driver is ending: the point has not failed, and continues with the next one.
        throw new IOException(Failures.message(e), e);
      }
      LOG.error("[{}] point failed; the others go on", point.name(), e);
      FinishedPoint failed = PointRun.failed(point, files.folder(point), Failures.message(e));
      files.fail(point, failed);
      return failed;
    }
  }

  private SweepReport report(
      ShardManifest manifest, int scored, List<String> quarantined, List<FinishedPoint> done) {
    List<PointReport> reports = done.stream().map(FinishedPoint::report).toList();
    boolean probed = reports.stream().anyMatch(point -> !point.scores().isEmpty());
    String obstacle =
        done.stream()
            .map(FinishedPoint::probeNote)
            .filter(note -> !note.isEmpty())
            .findFirst()
            .orElse("");
    return new SweepReport(
        title,
        command,
        machine(done),
        manifest.source(),
        manifest.rows(ShardPlan.TRAIN),
        scored,
        done.stream().mapToDouble(FinishedPoint::seconds).sum(),
        reports,
        quarantined,
        probed ? "" : obstacle);
  }

  private static String machine(List<FinishedPoint> done) {
    Stream<String> computes = done.stream().map(FinishedPoint::compute).distinct();
    return Stream.concat(Stream.of(Machine.description()), computes)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }
}
