package org.longmae.jobs.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes pages to look at: 1, 5 and 40 points, a failed one, hostile names, several models. */
public final class ReportSamples {
  private static final String HOSTILE = "<script>alert('run')</script>";

  private ReportSamples() {}

  /** Writes them into the folder that is given. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    write(folder, "one", SweepReports.point("a", 64, 0.6, probe(0.4), tuned(0.6)));
    write(
        folder,
        "five",
        SweepReports.point("a", 16, 0.7, probe(0.41), tuned(0.6)),
        SweepReports.point("b", 64, 0.6, probe(0.52), tuned(0.7)),
        SweepReports.point(HOSTILE, 64, 0.58, probe(0.5), tuned(0.71)),
        SweepReports.failed("d" + HOSTILE, 144, "needs 23 GiB but there are 16 " + HOSTILE),
        SweepReports.point("e", 256, 0.5, probe(0.57), tuned(0.72)));
    List<PointReport> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double accuracy = 0.4 + 0.04 * (i / 8) + 0.01 * (i % 3);
      String encoder = i % 2 == 0 ? "ViT-B" : "ViT-L";
      int length = new int[] {16, 64, 144, 256, 400}[i / 8];
      many.add(
          SweepReports.of(
              "point-" + i, length, encoder, i % 4, probe(accuracy), tuned(accuracy + 0.1)));
    }
    write(folder, "forty", many.toArray(PointReport[]::new));
  }

  private static Score probe(double accuracy) {
    return SweepReports.probe(accuracy, 1000);
  }

  private static Score tuned(double accuracy) {
    return new Score("fine-tuning", accuracy, 0.1, 0.55, null, 0.9, 1000, Score.FROM_SCRATCH);
  }

  private static void write(Path folder, String name, PointReport... points) throws IOException {
    Files.writeString(
        folder.resolve(name + ".html"), ReportPage.html(SweepReports.of(points), Map.of()));
  }
}
