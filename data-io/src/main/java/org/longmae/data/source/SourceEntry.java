package org.longmae.data.source;

import java.io.Serializable;
import java.util.List;

/**
 * One picture file of a source; it may turn out to be broken.
 *
 * @param path full path with scheme, as {@code new Path(path)} reads it
 * @param name path relative to the source's root
 * @param bytes length of the file
 * @param label index into the listing's class names; -1 if the picture has none
 * @param objects annotated objects; empty if the source has none
 */
public record SourceEntry(
    String path, String name, long bytes, int label, List<ObjectAnnotation> objects)
    implements Serializable {
  /** The label of a picture without one. */
  public static final int NO_LABEL = -1;

  public SourceEntry {
    objects = List.copyOf(objects);
  }
}
