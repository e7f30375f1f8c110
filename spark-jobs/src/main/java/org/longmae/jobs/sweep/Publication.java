package org.longmae.jobs.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.longmae.conf.ConfigException;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.jobs.report.PointReport;
import org.longmae.jobs.report.SweepReport;

/** A sweep's report for readers who have no access to its folders: no paths, small pictures. */
final class Publication {
  /**
   * A file system with or without folders, or folders alone, up to the path's last name. Names with
   * blanks end a path.
   */
  private static final String FOLDERS =
      "(?<![\\w.@+/-])(?:[a-z0-9]+:(?://[^/\\s]*)?(?:/[\\w.@+-]+)*|(?:/[\\w.@+-]+)+)/(?=[\\w.@+-])";

  /** Of JPEG; below the last a picture shows nothing any more. */
  private static final List<Integer> QUALITIES = List.of(90, 80, 70, 60, 50, 40, 30, 20);

  private Publication() {}

  /** The same report with the last names of paths only. */
  static SweepReport withoutFolders(SweepReport report) {
    return new SweepReport(
        report.title(),
        withoutFolders(report.command()),
        report.machine(),
        withoutFolders(report.dataset()),
        report.trainPictures(),
        report.heldOutPictures(),
        report.seconds(),
        report.points().stream().map(Publication::withoutFolders).toList(),
        report.quarantined().stream().map(Publication::withoutFolders).toList(),
        withoutFolders(report.probeNote()));
  }

  private static PointReport withoutFolders(PointReport point) {
    return point.at("points/" + point.name(), withoutFolders(point.failure()));
  }

  static String withoutFolders(String words) {
    return words.replaceAll(FOLDERS, "");
  }

  /**
   * Pictures as JPEG of the highest quality at which they take no more than {@code most} bytes
   * together.
   *
   * @param pngs by names
   * @throws ConfigException if they take more at the lowest
   */
  static Map<String, byte[]> small(Map<String, byte[]> pngs, long most)
      throws UnreadablePictureException {
    Map<String, Picture> pictures = new HashMap<>();
    for (Map.Entry<String, byte[]> png : pngs.entrySet()) {
      pictures.put(png.getKey(), PictureCodec.decode(png.getValue()));
    }
    long bytes = 0;
    for (int quality : QUALITIES) {
      Map<String, byte[]> small = new HashMap<>();
      pictures.forEach((name, picture) -> small.put(name, PictureCodec.jpeg(picture, quality)));
      bytes = small.values().stream().mapToLong(jpeg -> jpeg.length).sum();
      if (bytes <= most) {
        return small;
      }
    }
    throw new ConfigException(
        "",
        "--picture-bytes must be at least "
            + bytes
            + ", which the pictures take at the lowest quality, but was "
            + most);
  }
}
