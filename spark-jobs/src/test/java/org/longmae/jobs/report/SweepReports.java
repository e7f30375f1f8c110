package org.longmae.jobs.report;

import java.util.List;
import java.util.stream.IntStream;
import org.longmae.conf.ImageSize;

/** Reports made up for tests. */
final class SweepReports {
  private SweepReports() {}

  static SweepReport of(PointReport... points) {
    return new SweepReport(
        "made up",
        "longmae sweep",
        "a machine",
        "some pictures",
        90,
        10,
        12.5,
        List.of(points),
        List.of(),
        "");
  }

  static PointReport point(String name, int length, double loss, Score... scores) {
    return point(name, length, loss, "", scores);
  }

  static PointReport failed(String name, int length, String failure) {
    return point(name, length, 0.5, failure);
  }

  static PointReport at(String name, String runDirectory) {
    return point(name, 16, 0.5, "", runDirectory, "192 wide, 6 deep", 0);
  }

  /** Of another encoder or another seed. */
  static PointReport of(String name, int length, String encoder, long seed, Score... scores) {
    return point(name, length, 0.5, "", "runs/" + name, encoder, seed, scores);
  }

  static Score probe(double accuracy, int pictures) {
    return new Score("linear probe", accuracy, 0.1, 0.2, 0.15, 0.9, pictures);
  }

  private static PointReport point(
      String name, int length, double loss, String failure, Score... scores) {
    return point(name, length, loss, failure, "runs/" + name, "192 wide, 6 deep", 0, scores);
  }

  private static PointReport point(
      String name,
      int length,
      double loss,
      String failure,
      String runDirectory,
      String encoder,
      long seed,
      Score... scores) {
    List<CurvePoint> curve =
        IntStream.range(0, 30)
            .mapToObj(i -> new CurvePoint(10L * i, 1 - (1 - loss) * i / 29))
            .toList();
    boolean measured = failure.isEmpty();
    return new PointReport(
        name,
        encoder,
        "pictures",
        seed,
        ImageSize.square(Math.max(8, (int) (8 * Math.sqrt(length)))),
        3,
        8,
        1,
        0.75,
        length,
        length / 4,
        31_744,
        0.01 * length,
        true,
        1,
        3,
        290,
        measured ? 1000.0 / length : 0,
        measured ? length : 0,
        curve,
        measured ? List.of(curve.get(0), curve.get(29)) : List.of(),
        List.of(scores),
        List.of("original", "visible"),
        "What the picture shows.",
        runDirectory,
        failure);
  }
}
