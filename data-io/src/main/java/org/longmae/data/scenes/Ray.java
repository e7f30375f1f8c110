package org.longmae.data.scenes;

/**
 * A ray and the nearest surface it has met so far.
 *
 * <p>Mutable, and reused for every pixel, so that the pixel loop allocates nothing. The direction
 * need not have length 1: a thing's own ray is the world's ray moved, turned and shrunk, so that
 * {@code t} means the same place in both.
 */
final class Ray {
  private static final double NEAR = 1e-6;

  /** Where the ray starts. */
  double ox;

  double oy;
  double oz;

  /** Where it goes. */
  double dx;

  double dy;
  double dz;

  /** Distance to the nearest surface, in lengths of the direction; infinite while none is met. */
  double t;

  /** Outward normal of that surface, of any length. */
  double nx;

  double ny;
  double nz;

  /** Which face of its solid it is, in [0, 8): where faces meet, the picture has an edge. */
  int face;

  /** Which part of its thing it belongs to. */
  int part;

  void from(double x, double y, double z) {
    ox = x;
    oy = y;
    oz = z;
  }

  void towards(double x, double y, double z) {
    dx = x;
    dy = y;
    dz = z;
    t = Double.POSITIVE_INFINITY;
  }

  /** Whether a surface at {@code distance} would be the nearest so far. */
  boolean accepts(double distance) {
    return distance > NEAR && distance < t;
  }

  void meet(double distance, int metFace, double normalX, double normalY, double normalZ) {
    t = distance;
    face = metFace;
    nx = normalX;
    ny = normalY;
    nz = normalZ;
  }

  double x() {
    return ox + t * dx;
  }

  double y() {
    return oy + t * dy;
  }

  double z() {
    return oz + t * dz;
  }
}
