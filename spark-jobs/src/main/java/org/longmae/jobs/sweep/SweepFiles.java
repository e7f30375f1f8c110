package org.longmae.jobs.sweep;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.data.file.CommittedFile;
import org.longmae.jobs.evaluate.Baselines;
import org.longmae.jobs.evaluate.EvaluateJob;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.ReportPage;
import org.longmae.jobs.report.SweepReport;
import org.longmae.jobs.run.Json;
import org.longmae.jobs.run.RunDirectory;

/** A sweep's files: {@code points/NAME/point.json} and the reports. */
public final class SweepFiles {
  /** The picture grid of a run, relative to its folder. */
  static final String GRID = "pictures/reconstruction.png";

  private static final String POINT = "point.json";
  private static final String REPORT_JSON = "report.json";

  private final FileSystem fs;
  private final Path root;

  /** The sweep in this folder. */
  public SweepFiles(FileSystem fs, Path root) {
    this.fs = fs;
    this.root = root;
  }

  /** The page. */
  public Path page() {
    return new Path(root, "report.html");
  }

  /** A point's run directory. */
  Path folder(SweepPoint point) {
    return new Path(root, "points/" + point.name());
  }

  /**
   * What a finished point reported; a point counts as finished if its run has the same settings.
   *
   * @throws org.longmae.conf.ConfigException if the folder holds a run with other settings
   */
  Optional<FinishedPoint> finished(SweepPoint point) throws IOException {
    Path file = new Path(folder(point), POINT);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    RunDirectory.open(fs, folder(point), point.config());
    String text = CommittedFile.readText(fs, file);
    return Optional.of(Json.parse(text, FinishedPoint.class, file.toString()));
  }

  /** Marks a point as finished. */
  void finish(SweepPoint point, FinishedPoint finished) throws IOException {
    CommittedFile.write(fs, new Path(folder(point), POINT), Json.pretty(finished));
  }

  /**
   * What a point's scores are compared with. Points of one transfer length have the same: measured
   * once, and kept in {@code baselines/}.
   */
  Baselines baselines(EvaluateJob evaluation) throws IOException {
    Path file = new Path(root, "baselines/" + evaluation.baselineKey() + ".json");
    if (fs.exists(file)) {
      return Json.parse(CommittedFile.readText(fs, file), Baselines.class, file.toString());
    }
    Baselines measured = evaluation.baselines().orElseThrow();
    CommittedFile.write(fs, file, Json.pretty(measured));
    return measured;
  }

  /** Writes the report in its three forms. */
  public void write(SweepReport report) throws IOException {
    CommittedFile.write(fs, new Path(root, REPORT_JSON), Json.pretty(report));
    CommittedFile.write(fs, new Path(root, "report.csv"), SweepCsv.of(report));
    CommittedFile.write(fs, page(), ReportPage.html(report, pictures(report)));
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
