package org.longmae.jobs.picture;

import java.util.ArrayList;
import java.util.List;
import org.longmae.data.image.Picture;

/**
 * One picture of a reconstruction grid, seen in several ways; all of the same size.
 *
 * @param original the picture as the model was given it
 * @param masked the same with hidden patches in mid grey
 * @param reconstructions visible patches as they are, hidden ones as predicted; one for raw
 *     targets, two for normalised ones, in the order of {@link Reconstruction#columns}
 */
public record Panels(Picture original, Picture masked, List<Picture> reconstructions) {
  public Panels {
    reconstructions = List.copyOf(reconstructions);
  }

  /** The panels from left to right. */
  public List<Picture> row() {
    List<Picture> row = new ArrayList<>(List.of(original, masked));
    row.addAll(reconstructions);
    return row;
  }
}
