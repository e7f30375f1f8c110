package org.longmae.data.scenes;

/**
 * A solid with flat faces: all points p with n·p ≤ d for every face.
 *
 * @param planes nx, ny, nz, d of each face, at most 8 faces
 * @param bounds a box that encloses it
 */
record Convex(double[] planes, Bounds bounds) implements Solid {
  /**
   * A block whose top is smaller than its foot: a gable roof when {@code topWidth} is 0, a pyramid
   * when both are.
   */
  static Convex tapered(
      double x,
      double y,
      double z,
      double width,
      double depth,
      double topWidth,
      double topDepth,
      double height) {
    double leanX = (width - topWidth) / 2 / height;
    double leanZ = (depth - topDepth) / 2 / height;
    double[] planes = {
      1, leanX, 0, x + width / 2 + leanX * y,
      -1, leanX, 0, width / 2 - x + leanX * y,
      0, leanZ, 1, z + depth / 2 + leanZ * y,
      0, leanZ, -1, depth / 2 - z + leanZ * y,
      0, 1, 0, y + height,
      0, -1, 0, -y,
    };
    return new Convex(
        planes, Bounds.around(x, y + height / 2, z, width / 2, height / 2, depth / 2));
  }

  /**
   * An upright triangular plate in the plane through the y axis that points along (ux, uz): from
   * {@code inner} at height {@code high} to {@code outer} at height {@code low}.
   */
  static Convex fin(
      double ux, double uz, double inner, double outer, double low, double high, double thickness) {
    double slope = (high - low) / (outer - inner);
    double half = thickness / 2;
    double[] planes = {
      -ux,
      0,
      -uz,
      -inner,
      0,
      -1,
      0,
      -low,
      slope * ux,
      1,
      slope * uz,
      low + slope * outer,
      -uz,
      0,
      ux,
      half,
      uz,
      0,
      -ux,
      half,
    };
    return new Convex(planes, new Bounds(-outer, low, -outer, outer, high, outer));
  }

  @Override
  public boolean meet(Ray ray) {
    double enter = Double.NEGATIVE_INFINITY;
    double leave = Double.POSITIVE_INFINITY;
    int entered = -1;
    for (int i = 0; i < planes.length; i += 4) {
      double speed = planes[i] * ray.dx + planes[i + 1] * ray.dy + planes[i + 2] * ray.dz;
      double outside =
          planes[i] * ray.ox + planes[i + 1] * ray.oy + planes[i + 2] * ray.oz - planes[i + 3];
      double t = -outside / speed;
      if (speed < 0) {
        if (t > enter) {
          enter = t;
          entered = i;
        }
      } else if (speed > 0) {
        leave = Math.min(leave, t);
      } else if (outside > 0) {
        return false;
      }
    }
    if (entered < 0 || enter > leave || !ray.accepts(enter)) {
      return false;
    }
    ray.meet(enter, entered / 4, planes[entered], planes[entered + 1], planes[entered + 2]);
    return true;
  }
}
