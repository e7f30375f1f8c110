package org.longmae.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds room for words beside marks.
 *
 * <p>The first place wins that is free of marks, words and lines; failing that, one that a line
 * crosses; failing that, there are no words.
 */
final class LabelPlacer {
  private final Canvas canvas;
  private final List<Box> taken = new ArrayList<>();
  private final List<Box> crossed = new ArrayList<>();

  /** Where the words go. */
  record Place(String anchor, double x, double y) {}

  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  LabelPlacer(Canvas canvas) {
    this.canvas = canvas;
  }

  /** Keeps words away from a mark. */
  void avoid(double x, double y, double radius) {
    taken.add(new Box(x - radius - 1, y - radius, x + radius + 1, y + radius));
  }

  /** Prefers words not to cross a line through points given as x, y, x, y, …. */
  void avoidLine(double... xy) {
    for (int i = 2; i < xy.length; i += 2) {
      double dx = xy[i] - xy[i - 2];
      double dy = xy[i + 1] - xy[i - 1];
      int steps = 1 + (int) (Math.hypot(dx, dy) / 4);
      for (int step = 0; step <= steps; step++) {
        double x = xy[i - 2] + dx * step / steps;
        double y = xy[i - 1] + dy * step / steps;
        crossed.add(new Box(x - 1, y - 1, x + 1, y + 1));
      }
    }
  }

  /** A place near the mark at (x, y). */
  Optional<Place> beside(double x, double y, double radius, String words) {
    double letter = canvas.letter();
    double half = canvas.textWidth(words) / 2;
    List<Place> wishes =
        List.of(
            new Place("middle", x, y - radius - 0.45 * letter),
            new Place("middle", x, y + radius + 1.1 * letter),
            new Place("start", x + radius + 1, y - radius - 0.2 * letter),
            new Place("end", x - radius - 1, y - radius - 0.2 * letter),
            new Place("start", x + radius + 1, y + radius + 0.9 * letter),
            new Place("end", x - radius - 1, y + radius + 0.9 * letter),
            new Place("start", x + radius + 4, y + 0.35 * letter),
            new Place("end", x - radius - 4, y + 0.35 * letter));
    List<Place> free = wishes.stream().filter(wish -> isFree(box(wish, half))).toList();
    Optional<Place> found =
        free.stream()
            .filter(place -> crossed.stream().noneMatch(box(place, half)::meets))
            .findFirst()
            .or(() -> free.stream().findFirst());
    found.ifPresent(place -> taken.add(box(place, half)));
    return found;
  }

  private Box box(Place place, double half) {
    double left = left(place, half);
    double letter = canvas.letter();
    return new Box(left, place.y - 0.8 * letter, left + 2 * half, place.y + 0.2 * letter);
  }

  private boolean isFree(Box box) {
    return inside(box) && taken.stream().noneMatch(box::meets);
  }

  private static double left(Place place, double half) {
    return switch (place.anchor) {
      case "start" -> place.x;
      case "end" -> place.x - 2 * half;
      default -> place.x - half;
    };
  }

  private boolean inside(Box box) {
    return box.left >= canvas.left()
        && box.right <= canvas.width()
        && box.top >= canvas.top() - canvas.letter()
        && box.bottom <= canvas.bottom();
  }
}
