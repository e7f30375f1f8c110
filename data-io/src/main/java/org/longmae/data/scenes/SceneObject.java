package org.longmae.data.scenes;

import java.io.Serializable;
import java.util.List;

/**
 * The visible part of one thing in a picture, in pixel coordinates from the top left corner.
 *
 * @param category what it is
 * @param x left edge of the smallest box around the visible pixels
 * @param y top edge of that box
 * @param width width of that box
 * @param height height of that box
 * @param area number of visible pixels
 * @param polygons outlines x0, y0, x1, y1, … along pixel edges, without holes and without overlap:
 *     filling them gives exactly the visible pixels
 */
public record SceneObject(
    SceneClass category, int x, int y, int width, int height, int area, List<int[]> polygons)
    implements Serializable {
  /** Refuses what covers no pixel. */
  public SceneObject {
    if (area < 1 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A visible object must cover a pixel but was " + width + "×" + height + ", area " + area);
    }
    polygons = List.copyOf(polygons);
  }
}
