package org.longmae.jobs.picture;

import java.util.Arrays;
import java.util.List;
import org.longmae.data.image.Picture;

/** Pictures in rows and columns, as one picture. */
public final class PictureGrid {
  private static final byte GAP = (byte) 255;

  private PictureGrid() {}

  /**
   * Puts pictures side by side, in cells as large as the largest picture and without a margin
   * around them.
   *
   * @param rows the pictures, top to bottom and left to right; a short row ends in white
   * @param gap white pixels between neighbours
   * @param scale each pixel becomes a square of that side: small pictures stay sharp and can be
   *     seen
   */
  public static Picture of(List<List<Picture>> rows, int gap, int scale) {
    requireAtLeast("gap", 0, gap);
    requireAtLeast("scale", 1, scale);
    int cellWidth =
        scale * rows.stream().flatMap(List::stream).mapToInt(Picture::width).max().orElse(0);
    int cellHeight =
        scale * rows.stream().flatMap(List::stream).mapToInt(Picture::height).max().orElse(0);
    requireAtLeast("the largest picture's side", 1, Math.min(cellWidth, cellHeight));
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int width = columns * cellWidth + (columns - 1) * gap;
    int height = rows.size() * cellHeight + (rows.size() - 1) * gap;
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    Arrays.fill(rgb, GAP);
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        int left = column * (cellWidth + gap);
        int top = row * (cellHeight + gap);
        paint(rows.get(row).get(column), scale, rgb, width, left, top);
      }
    }
    return new Picture(width, height, rgb);
  }

  private static void paint(Picture from, int scale, byte[] to, int toWidth, int left, int top) {
    byte[] rgb = from.rgb();
    for (int y = 0; y < from.height() * scale; y++) {
      for (int x = 0; x < from.width() * scale; x++) {
        int source = 3 * (y / scale * from.width() + x / scale);
        int target = 3 * ((top + y) * toWidth + left + x);
        System.arraycopy(rgb, source, to, target, 3);
      }
    }
  }

  private static void requireAtLeast(String name, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }
}
