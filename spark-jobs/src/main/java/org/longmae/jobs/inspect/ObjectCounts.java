package org.longmae.jobs.inspect;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.longmae.data.source.ObjectAnnotation;

/**
 * Annotated objects.
 *
 * @param count in all
 * @param polygons of these, with a mask as polygons
 * @param runLengths of these, with a mask as run lengths
 * @param crowds of these, boxes around a crowd
 * @param categories objects by index into the class names
 */
public record ObjectCounts(
    long count, long polygons, long runLengths, long crowds, Map<Integer, Long> categories)
    implements Serializable {
  static final ObjectCounts NONE = new ObjectCounts(0, 0, 0, 0, Map.of());

  public ObjectCounts {
    categories = new TreeMap<>(categories);
  }

  static ObjectCounts of(ObjectAnnotation object) {
    return new ObjectCounts(
        1,
        object.polygons().isEmpty() ? 0 : 1,
        object.rle().isEmpty() ? 0 : 1,
        object.crowd() ? 1 : 0,
        Map.of(object.category(), 1L));
  }

  ObjectCounts plus(ObjectCounts other) {
    return new ObjectCounts(
        count + other.count,
        polygons + other.polygons,
        runLengths + other.runLengths,
        crowds + other.crowds,
        Counts.plus(categories, other.categories));
  }
}
