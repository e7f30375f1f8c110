package org.longmae.jobs.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.jobs.evaluate.Baselines;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.evaluate.FinetuneJob;
import org.longmae.jobs.evaluate.Readout;
import org.longmae.jobs.evaluate.Tuned;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.ReportPage;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.RunDirectory;
import org.longmae.jobs.run.RunStatus;
import org.longmae.jobs.train.Progress;

/**
 * A sweep's files.
 *
 * <pre>
 *   sweep.json               see {@link Described}
 *   points/NAME/             a run directory, with
 *               point.json   what a finished point reported
 *               failed.json  or why it failed
 *   baselines/               what points of one transfer length are compared with; may lie elsewhere
 *   report.html, report.json, report.csv
 * </pre>
 */
public final class SweepFiles {
  /** The picture grid of a run, relative to its folder. */
  static final String GRID = "pictures/reconstruction.png";

  private static final String SWEEP = "sweep.json";
  private static final String POINT = "point.json";
  private static final String FAILED = "failed.json";
  private static final String REPORT_JSON = "report.json";

  private final FileSystem fs;
  private final Path root;
  private final Path baselines;

  /** Of each baseline that is measured: points that are side by side wait for the first. */
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /**
   * What a sweep is to do.
   *
   * @param command what was typed
   * @param parallel points at a time
   * @param points their names, in order
   */
  record Described(String command, int parallel, List<String> points) {}

  /** The sweep in this folder. */
  public SweepFiles(FileSystem fs, Path root) {
    this(fs, root, new Path(root, "baselines"));
  }

  /** The same, with a folder for baselines that other sweeps may share, on the same file system. */
  SweepFiles(FileSystem fs, Path root, Path baselines) {
    this.fs = fs;
    this.root = root;
    this.baselines = baselines;
  }

  /** The page. */
  public Path page() {
    return new Path(root, "report.html");
  }

  /** A point's run directory. */
  Path folder(SweepPoint point) {
    return folder(point.name());
  }

  private Path folder(String name) {
    return new Path(root, "points/" + name);
  }

  /** Whether a folder is a sweep's. */
  public static boolean isSweep(FileSystem fs, Path root) throws IOException {
    return fs.exists(new Path(root, SWEEP));
  }

  /**
   * Says what is to be done, and makes the run directory of each point, so that settings that
   * cannot go on are found before anything is trained.
   *
   * @throws org.longmae.conf.ConfigException if a folder holds a run with other settings
   */
  void describe(String command, int parallel, List<SweepPoint> points) throws IOException {
    for (SweepPoint point : points) {
      RunDirectory.open(fs, folder(point), point.config());
    }
    List<String> names = points.stream().map(SweepPoint::name).toList();
    Described described = new Described(command, parallel, names);
    CommittedFile.write(fs, new Path(root, SWEEP), Json.pretty(described));
  }

  /** How every point stands, from its files alone. */
  public SweepStatus status() throws IOException {
    Path file = new Path(root, SWEEP);
    Described described =
        Json.parse(CommittedFile.readText(fs, file), Described.class, file.toString());
    List<SweepStatus.Point> points = new ArrayList<>();
    for (String name : described.points()) {
      points.add(status(name));
    }
    return new SweepStatus(described.parallel(), points);
  }

  private SweepStatus.Point status(String name) throws IOException {
    Path folder = folder(name);
    Optional<RunStatus> run = RunStatus.ofStarted(fs, folder);
    Optional<FinishedPoint> failed = read(new Path(folder, FAILED));
    String state;
    if (fs.exists(new Path(folder, POINT))) {
      state = "finished";
    } else if (failed.isPresent()) {
      state = "failed";
    } else {
      // A run whose training is done still has to be evaluated.
      state = run.map(RunStatus::state).orElse("waiting").replace("finished", "trained");
    }
    String failure = failed.map(point -> point.report().failure()).orElse("");
    return new SweepStatus.Point(name, state, run.orElse(null), failure);
  }

  /** What a point reported that is finished. */
  Optional<FinishedPoint> finished(SweepPoint point) throws IOException {
    return read(new Path(folder(point), POINT));
  }

  /** What is said of a point that failed, and was not tried again. */
  Optional<FinishedPoint> failed(SweepPoint point) throws IOException {
    return read(new Path(folder(point), FAILED));
  }

  private Optional<FinishedPoint> read(Path file) throws IOException {
    return fs.exists(file)
        ? Optional.of(
            Json.parse(CommittedFile.readText(fs, file), FinishedPoint.class, file.toString()))
        : Optional.empty();
  }

  /** Marks a point as finished. */
  void finish(SweepPoint point, FinishedPoint finished) throws IOException {
    CommittedFile.write(fs, new Path(folder(point), POINT), Json.pretty(finished));
    forgetFailure(point);
  }

  /** Marks a point as failed. */
  void fail(SweepPoint point, FinishedPoint failed) throws IOException {
    CommittedFile.write(fs, new Path(folder(point), FAILED), Json.pretty(failed));
  }

  /** Lets a failed point be tried again. */
  void forgetFailure(SweepPoint point) throws IOException {
    fs.delete(new Path(folder(point), FAILED), false);
  }

  /**
   * What a point's scores are compared with. Random weights are measured once for points of one
   * seed and transfer length, pixels once for all of one transfer size; kept under names of all
   * that they depend on.
   */
  Baselines baselines(EvaluateJob evaluation) throws IOException {
    Readout untrained =
        once(
            "untrained-" + evaluation.untrainedKey(),
            Readout.class,
            () -> evaluation.untrained().orElseThrow());
    Readout pixels = once("pixels-" + evaluation.pixelsKey(), Readout.class, evaluation::pixels);
    return new Baselines(untrained, pixels);
  }

  /**
   * The same classifier trained from random weights, which fine-tuned points are compared with;
   * once as well.
   */
  Tuned scratch(FinetuneJob finetuning, Progress progress) throws IOException {
    String key = finetuning.scratchKey();
    Path run = new Path(baselines, "scratch-" + key);
    return once("scratch-" + key, Tuned.class, () -> finetuning.scratch(run, progress));
  }

  /** Makes what points share. */
  private interface Maker<T> {
    T make() throws IOException;
  }

  private <T> T once(String key, Class<T> type, Maker<T> maker) throws IOException {
    Path file = new Path(baselines, key + ".json");
    synchronized (locks.computeIfAbsent(key, absent -> new Object())) {
      if (fs.exists(file)) {
        return Json.parse(CommittedFile.readText(fs, file), type, file.toString());
      }
      T made = maker.make();
      CommittedFile.write(fs, file, Json.pretty(made));
      return made;
    }
  }

  /** Writes the report in its three forms. */
  public void write(SweepReport report) throws IOException {
    CommittedFile.write(fs, new Path(root, REPORT_JSON), Json.pretty(report));
    CommittedFile.write(fs, new Path(root, "report.csv"), SweepCsv.of(report));
    CommittedFile.write(fs, page(), ReportPage.html(report, pictures(report)));
  }

  /**
   * Writes page and CSV for readers elsewhere: without the folders of this cluster, and with small
   * pictures.
   *
   * @param out folder to write into
   * @param pictureBytes most that the page's pictures may take together
   * @return the page
   */
  public Path publish(SweepReport report, Path out, long pictureBytes) throws IOException {
    FileSystem outFs = out.getFileSystem(fs.getConf());
    SweepReport published = Publication.withoutFolders(report);
    Path page = new Path(out, "report.html");
    try {
      Map<String, byte[]> small = Publication.small(pictures(report), pictureBytes);
      CommittedFile.write(outFs, page, ReportPage.html(published, small));
    } catch (UnreadablePictureException e) {
      throw new IOException("[" + root + "] a picture of the sweep cannot be read", e);
    }
    CommittedFile.write(outFs, new Path(out, "report.csv"), SweepCsv.of(published));
    return page;
  }

  /**
   * The report as it was written last.
   *
   * @throws IOException if there is none
   */
  public SweepReport read() throws IOException {
    Path file = new Path(root, REPORT_JSON);
    return Json.parse(CommittedFile.readText(fs, file), SweepReport.class, file.toString());
  }

  private Map<String, byte[]> pictures(SweepReport report) throws IOException {
    Map<String, byte[]> pictures = new HashMap<>();
    for (PointReport point : report.points()) {
      Path grid = new Path(point.runDirectory(), GRID);
      if (fs.exists(grid)) {
        pictures.put(point.name(), CommittedFile.read(fs, grid));
      }
    }
    return pictures;
  }
}
