package org.longmae.data.source;

import java.io.Serializable;
import java.util.List;

/**
 * What a source says of one picture beside its label.
 *
 * @param objects in the source's order
 * @param captions sentences about the whole picture
 * @param labels classes of the whole picture, where a source gives it several
 */
public record PictureAnnotations(
    List<ObjectAnnotation> objects, List<String> captions, List<Integer> labels)
    implements Serializable {
  /** Of a picture about which nothing is said. */
  public static final PictureAnnotations NONE =
      new PictureAnnotations(List.of(), List.of(), List.of());

  public PictureAnnotations {
    objects = List.copyOf(objects);
    captions = List.copyOf(captions);
    labels = List.copyOf(labels);
  }
}
