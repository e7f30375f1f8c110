package org.longmae.jobs.report;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.longmae.data.image.PictureCodec;

/** The reconstruction pictures of all points, side by side. */
final class PictureSection {
  private PictureSection() {}

  /**
   * The pictures and what they show.
   *
   * @param pictures PNG or JPEG files by the points' names; of a point without one the note is
   *     shown
   */
  static String html(SweepReport report, Map<String, byte[]> pictures) {
    List<PointReport> with =
        report.finished().stream().filter(p -> pictures.containsKey(p.name())).toList();
    List<PointReport> without =
        report.finished().stream().filter(p -> !pictures.containsKey(p.name())).toList();
    List<String> notes = with.stream().map(PointReport::reconstructionNote).distinct().toList();
    StringBuilder out = new StringBuilder();
    // A note that holds for every picture is said once, above them.
    if (notes.size() == 1) {
      out.append("<p>").append(Text.escape(notes.get(0))).append("</p>\n");
    }
    out.append("<div class=\"pictures\">\n");
    for (PointReport point : with) {
      out.append(figure(report, point, pictures.get(point.name()), notes.size() > 1));
    }
    return out.append("</div>\n").append(missing(report, without)).toString();
  }

  private static String figure(
      SweepReport report, PointReport point, byte[] picture, boolean note) {
    StringBuilder out = new StringBuilder("<figure>").append(caption(report, point));
    List<String> columns = point.reconstructionColumns();
    if (!columns.isEmpty()) {
      out.append("<div class=\"columns\" aria-hidden=\"true\">");
      columns.forEach(column -> out.append("<span>").append(Text.escape(column)).append("</span>"));
      out.append("</div>");
    }
    out.append("<img alt=\"")
        .append(
            Text.escape(
                "Reconstructions at "
                    + report.label(point)
                    + "; columns: "
                    + String.join(", ", columns)))
        .append("\" src=\"data:image/")
        .append(PictureCodec.isJpeg(picture) ? "jpeg" : "png")
        .append(";base64,")
        .append(Base64.getEncoder().encodeToString(picture))
        .append("\">");
    if (note) {
      out.append("<p class=\"note\">")
          .append(Text.escape(point.reconstructionNote()))
          .append("</p>");
    }
    return out.append("</figure>\n").toString();
  }

  /** The points without a picture, those with the same reason together. */
  private static String missing(SweepReport report, List<PointReport> points) {
    return points.stream()
        .collect(
            Collectors.groupingBy(
                PointReport::reconstructionNote,
                LinkedHashMap::new,
                Collectors.mapping(report::label, Collectors.joining(", "))))
        .entrySet()
        .stream()
        .map(
            e -> "No picture of " + e.getValue() + (e.getKey().isEmpty() ? "." : ": " + e.getKey()))
        .map(words -> "<p class=\"note\">" + Text.escape(words) + "</p>\n")
        .collect(Collectors.joining());
  }

  private static String caption(SweepReport report, PointReport point) {
    return "<figcaption><b>"
        + Text.escape(report.label(point))
        + "</b> "
        + Text.format("%s px pictures, %d px patches", point.imageSize(), point.patchSize())
        + "</figcaption>";
  }
}
