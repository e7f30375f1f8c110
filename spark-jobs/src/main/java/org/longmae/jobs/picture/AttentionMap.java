package org.longmae.jobs.picture;

import org.longmae.data.image.Picture;

/** Shows what of a picture a model attends to: the picture, darker where it looks less. */
public final class AttentionMap {
  /** What the column shows. */
  public static final String CAPTION =
      "Last column: what the class token attends to in the last block when nothing is hidden, the"
          + " mean over heads; the brightest patch has the largest share.";

  /** So much of the light is left where no attention is. */
  private static final double AMBIENT = 0.12;

  private AttentionMap() {}

  /**
   * Draws.
   *
   * @param share_L share of each patch, row by row
   * @param side of a patch in pixels
   */
  public static Picture of(Picture original, float[] share_L, int side) {
    int cols = original.width() / side;
    int rows = original.height() / side;
    if (share_L.length != rows * cols) {
      throw new IllegalArgumentException(
          "share_L must have " + rows * cols + " values but had " + share_L.length);
    }
    float most = 0;
    for (float share : share_L) {
      most = Math.max(most, share);
    }
    byte[] rgb = original.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      int x = i / Picture.RGB % original.width();
      int y = i / Picture.RGB / original.width();
      double light = most > 0 ? share_L[y / side * cols + x / side] / most : 0;
      rgb[i] = (byte) Math.round((rgb[i] & 0xFF) * (AMBIENT + (1 - AMBIENT) * light));
    }
    return new Picture(original.width(), original.height(), rgb);
  }
}
