package org.longmae.data.scenes;

/** A box along the axes that encloses something. */
record Bounds(double x0, double y0, double z0, double x1, double y1, double z1) {
  /** Encloses a box given by its centre and half its extents. */
  static Bounds around(double x, double y, double z, double rx, double ry, double rz) {
    return new Bounds(x - rx, y - ry, z - rz, x + rx, y + ry, z + rz);
  }

  Bounds union(Bounds other) {
    return new Bounds(
        Math.min(x0, other.x0),
        Math.min(y0, other.y0),
        Math.min(z0, other.z0),
        Math.max(x1, other.x1),
        Math.max(y1, other.y1),
        Math.max(z1, other.z1));
  }

  /** Whether the ray passes through the box before what it has met so far. */
  boolean crossedBy(Ray ray) {
    double inverseX = 1 / ray.dx;
    double ax = (x0 - ray.ox) * inverseX;
    double bx = (x1 - ray.ox) * inverseX;
    double inverseY = 1 / ray.dy;
    double ay = (y0 - ray.oy) * inverseY;
    double by = (y1 - ray.oy) * inverseY;
    double inverseZ = 1 / ray.dz;
    double az = (z0 - ray.oz) * inverseZ;
    double bz = (z1 - ray.oz) * inverseZ;
    double enter = Math.max(Math.max(Math.min(ax, bx), Math.min(ay, by)), Math.min(az, bz));
    double leave = Math.min(Math.min(Math.max(ax, bx), Math.max(ay, by)), Math.max(az, bz));
    return enter <= leave && leave > 0 && enter < ray.t;
  }
}
