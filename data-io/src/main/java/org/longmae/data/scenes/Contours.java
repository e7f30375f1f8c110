package org.longmae.data.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Outlines of a mask along its pixels' edges.
 *
 * <p>The mask falls into pieces whose pixels share edges; each piece is walked around once, its
 * pixels on the right hand. The outline of a piece without a hole encloses, by the shoelace
 * formula, exactly as many units of area as the piece has pixels; if it encloses more, the piece
 * has a hole and is cut by a vertical line through it. Either side of the hole then opens onto the
 * cut, so the cutting ends.
 */
final class Contours {
  private static final int[] STEP_X = {1, 0, -1, 0};
  private static final int[] STEP_Y = {0, 1, 0, -1};

  private final Mask mask;
  private final List<int[]> polygons = new ArrayList<>();

  /** Number of the piece each pixel belongs to; 0 outside the mask. */
  private final int[] piece;

  private final int[] queue;
  private int pieces;

  private Contours(Mask mask) {
    this.mask = mask;
    this.piece = new int[mask.set().length];
    this.queue = new int[mask.set().length];
  }

  /** Polygons x0, y0, x1, y1, … in the picture's coordinates. */
  static List<int[]> trace(Mask mask) {
    Contours contours = new Contours(mask);
    int everything = -1;
    for (int i = 0; i < contours.piece.length; i++) {
      contours.piece[i] = mask.set()[i] ? everything : 0;
    }
    contours.split(everything);
    return contours.polygons;
  }

  /** Outlines all connected pieces of the pixels now marked {@code mark}. */
  private void split(int mark) {
    for (int start = 0; start < piece.length; start++) {
      if (piece[start] == mark) {
        int number = ++pieces;
        int area = flood(start, mark, number);
        int[] outline = walk(start, number);
        if (enclosed(outline) == area) {
          polygons.add(outline);
        } else {
          cut(outline, number);
        }
      }
    }
  }

  /** Renumbers the piece around a pixel and counts it. */
  private int flood(int start, int mark, int number) {
    int filled = 1;
    queue[0] = start;
    piece[start] = number;
    for (int next = 0; next < filled; next++) {
      int column = queue[next] % mask.width();
      int row = queue[next] / mask.width();
      for (int d = 0; d < 4; d++) {
        if (is(column + STEP_X[d], row + STEP_Y[d], mark)) {
          int neighbour = (row + STEP_Y[d]) * mask.width() + column + STEP_X[d];
          piece[neighbour] = number;
          queue[filled++] = neighbour;
        }
      }
    }
    return filled;
  }

  /** Walks around a piece from its first pixel's top left corner; corners only. */
  private int[] walk(int start, int number) {
    int[] corners = new int[64];
    int length = 0;
    int startX = start % mask.width();
    int startY = start / mask.width();
    int x = startX;
    int y = startY;
    int direction = 0;
    do {
      if (length + 2 > corners.length) {
        corners = Arrays.copyOf(corners, 2 * corners.length);
      }
      corners[length++] = mask.x() + x;
      corners[length++] = mask.y() + y;
      int turn;
      do {
        x += STEP_X[direction];
        y += STEP_Y[direction];
        turn = turn(x, y, direction, number);
      } while (turn == 0);
      direction = direction + turn & 3;
    } while (x != startX || y != startY || direction != 0);
    return Arrays.copyOf(corners, length);
  }

  /** At a corner: 1 to turn right, 3 to turn left, 0 to go on. */
  private int turn(int x, int y, int direction, int number) {
    // Of the two pixels ahead, in the order of the directions right, down, left, up.
    boolean right =
        switch (direction) {
          case 0 -> is(x, y, number);
          case 1 -> is(x - 1, y, number);
          case 2 -> is(x - 1, y - 1, number);
          default -> is(x, y - 1, number);
        };
    if (!right) {
      // Also where pixels meet at a corner only: they are not neighbours.
      return 1;
    }
    boolean left =
        switch (direction) {
          case 0 -> is(x, y - 1, number);
          case 1 -> is(x, y, number);
          case 2 -> is(x - 1, y, number);
          default -> is(x - 1, y - 1, number);
        };
    return left ? 3 : 0;
  }

  private boolean is(int column, int row, int number) {
    return mask.has(column, row) && piece[row * mask.width() + column] == number;
  }

  /** The shoelace formula, for an outline that is walked clockwise on the screen. */
  static int enclosed(int[] polygon) {
    int twice = 0;
    for (int i = 0; i < polygon.length; i += 2) {
      int j = (i + 2) % polygon.length;
      twice += polygon[i] * polygon[j + 1] - polygon[j] * polygon[i + 1];
    }
    return twice / 2;
  }

  /** Cuts a piece at the left edge of a pixel in a hole and outlines what is left and right. */
  private void cut(int[] outline, int number) {
    int at = holeColumn(outline, number);
    int left = -2 * number;
    int right = left - 1;
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] == number) {
        piece[i] = i % mask.width() < at ? left : right;
      }
    }
    split(left);
    split(right);
  }

  /** The column of the middle one of the pixels enclosed by the outline but not in the piece. */
  private int holeColumn(int[] outline, int number) {
    boolean[] crossing = crossings(outline);
    int[] perColumn = new int[mask.width()];
    int holes = 0;
    for (int row = 0; row < mask.height(); row++) {
      boolean inside = false;
      for (int column = 0; column < mask.width(); column++) {
        inside ^= crossing[row * mask.width() + column];
        if (inside && !is(column, row, number)) {
          perColumn[column]++;
          holes++;
        }
      }
    }
    int column = 0;
    for (int seen = perColumn[0]; 2 * seen < holes; seen += perColumn[column]) {
      column++;
    }
    return column;
  }

  /** Whether the outline runs along the left side of each pixel. */
  private boolean[] crossings(int[] outline) {
    boolean[] crossing = new boolean[piece.length];
    for (int i = 0; i < outline.length; i += 2) {
      int j = (i + 2) % outline.length;
      int column = outline[i] - mask.x();
      if (outline[i] == outline[j] && column < mask.width()) {
        int low = Math.min(outline[i + 1], outline[j + 1]) - mask.y();
        int high = Math.max(outline[i + 1], outline[j + 1]) - mask.y();
        for (int row = low; row < high; row++) {
          crossing[row * mask.width() + column] = true;
        }
      }
    }
    return crossing;
  }
}
