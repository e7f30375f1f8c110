package org.longmae.data.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.longmae.data.archive.ArchiveLimits;

/**
 * How a source is to be read.
 *
 * @param folders folders below the root whose pictures are taken, together one source; empty takes
 *     all
 * @param labels path of a file of labels for pictures without class folders; empty if there is none
 * @param captions whether COCO's captions are taken
 * @param keypoints whether COCO's person keypoints are taken
 * @param archives what archives may claim
 */
public record SourceSettings(
    SourceFormat format,
    List<String> folders,
    String labels,
    boolean captions,
    boolean keypoints,
    ArchiveLimits archives)
    implements Serializable {
  /** What is found, all of it, with instance annotations alone. */
  public static final SourceSettings DEFAULT =
      new SourceSettings(SourceFormat.AUTO, List.of(), "", false, false, ArchiveLimits.DEFAULT);

  public SourceSettings {
    folders = List.copyOf(folders);
  }

  /** A source as a shard set remembers it: its root, and what else decides what is in it. */
  public String describe(String root) {
    List<String> parts = new ArrayList<>();
    parts.add(root);
    if (format != SourceFormat.AUTO) {
      parts.add("--format " + format);
    }
    if (!folders.isEmpty()) {
      parts.add("--folders " + String.join(",", folders));
    }
    if (!labels.isEmpty()) {
      parts.add("--labels " + labels);
    }
    if (captions) {
      parts.add("--captions");
    }
    if (keypoints) {
      parts.add("--keypoints");
    }
    return String.join(" ", parts);
  }
}
