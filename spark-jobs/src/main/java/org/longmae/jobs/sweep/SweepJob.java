package org.longmae.jobs.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.longmae.conf.ConfigException;
import org.longmae.data.shard.Quarantine;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardPlan;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.platform.Failures;
import org.longmae.jobs.platform.Machine;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.train.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains and evaluates every point of a sweep, one after the other, and tells of them in {@code
 * report.html}, {@code report.json}, {@code report.csv}, made again after each point.
 *
 * <p>Input: shard set and points. Output: {@code points/NAME/}, each a run directory with {@code
 * point.json}. Run again, finished points are taken as they are, an unfinished one continues, one
 * that failed is tried again. Example:
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

  /**
   * A sweep in the folder {@code root}.
   *
   * @param title heads the report
   * @param command what was typed; the report says it
   * @param progress told of each point's rounds
   */
  public SweepJob(
      List<SweepPoint> points,
      Path root,
      String title,
      String command,
      Function<SweepPoint, Progress> progress) {
    this.points = List.copyOf(points);
    this.root = root;
    this.title = title;
    this.command = command;
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
    EvaluateJob.check(points.get(0).config(), spark.hadoopConfiguration());
    SweepFiles files = new SweepFiles(fs, root);
    List<FinishedPoint> done = new ArrayList<>();
    SweepReport report = null;
    for (SweepPoint point : points) {
      Optional<FinishedPoint> finished = files.finished(point);
      done.add(finished.isPresent() ? finished.get() : train(point, spark, files));
      report = report(manifest, leftOut, done);
      files.write(report);
    }
    return report;
  }

  private FinishedPoint train(SweepPoint point, JavaSparkContext spark, SweepFiles files) {
    try {
      PointRun run = new PointRun(point, files, progress.apply(point));
      FinishedPoint finished = run.run(spark);
      files.finish(point, finished);
      return finished;
    } catch (ConfigException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.error("[{}] point failed; the others go on", point.name(), e);
      return PointRun.failed(point, files.folder(point), Failures.message(e));
    }
  }

  private SweepReport report(
      ShardManifest manifest, List<String> quarantined, List<FinishedPoint> done) {
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
        manifest.rows(ShardPlan.VALIDATION),
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
