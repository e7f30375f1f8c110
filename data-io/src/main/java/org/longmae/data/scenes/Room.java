package org.longmae.data.scenes;

/**
 * Two walls that meet in a corner.
 *
 * @param cos of the room's turn
 * @param sin of the room's turn
 * @param back distance of the wall ahead from the origin
 * @param side distance of the wall at the side; negative for the left
 */
record Room(Texture backWall, Texture sideWall, double cos, double sin, double back, double side)
    implements Backdrop {
  /** Notes a hit on a wall in front of what the ray has met so far; {@code face} tells which. */
  boolean meet(Ray ray) {
    double across = cos * ray.dx - sin * ray.dz;
    double ahead = sin * ray.dx + cos * ray.dz;
    boolean met = false;
    double toBack = (back - along(ray.ox, ray.oz)) / ahead;
    if (ahead > 0 && ray.accepts(toBack)) {
      ray.meet(toBack, 0, -sin, 0, -cos);
      met = true;
    }
    double sign = Math.signum(side);
    double toSide = (side - aside(ray.ox, ray.oz)) / across;
    if (across * sign > 0 && ray.accepts(toSide)) {
      ray.meet(toSide, 1, -sign * cos, 0, sign * sin);
      met = true;
    }
    return met;
  }

  void shade(Ray ray, double footprint, Rgb out) {
    if (ray.face == 0) {
      backWall.paint(aside(ray.x(), ray.z()), ray.y(), footprint, out);
    } else {
      sideWall.paint(along(ray.x(), ray.z()), ray.y(), footprint, out);
    }
    // Corners are darker: less light finds its way there.
    double toBack = back - along(ray.x(), ray.z());
    double toSide = Math.abs(side - aside(ray.x(), ray.z()));
    double corner = Math.min(1, (ray.face == 0 ? toSide : toBack) / 1.5);
    out.scale((0.72 + 0.28 * Noise.ease(corner)) * (0.8 + 0.2 * Math.min(1, ray.y())));
  }

  /** Whether a thing of this radius fits in front of the walls. */
  boolean holds(Thing thing) {
    double away = side - aside(thing.x(), thing.z());
    return along(thing.x(), thing.z()) + thing.radius() < back
        && away * Math.signum(side) > thing.radius();
  }

  private double aside(double x, double z) {
    return cos * x - sin * z;
  }

  private double along(double x, double z) {
    return sin * x + cos * z;
  }
}
