package org.longmae.data.scenes;

import java.util.ArrayList;
import java.util.List;

/** A thing's shape, standing on y = 0 around the y axis, with its front towards −z. */
record Model(Part[] parts, Bounds bounds) {
  /** The larger of height and (somewhat discounted) width: models are scaled by it. */
  double size() {
    return Math.max(bounds.y1(), 1.5 * radius());
  }

  /** Height over width, at least 1.5: less slender things count as that. */
  double slenderness() {
    return Math.max(1.5, 2 * bounds.y1() / (bounds.x1() - bounds.x0() + bounds.z1() - bounds.z0()));
  }

  /** Radius of the circle around the y axis that no part leaves. */
  double radius() {
    double x = Math.max(bounds.x1(), -bounds.x0());
    double z = Math.max(bounds.z1(), -bounds.z0());
    return Math.sqrt(x * x + z * z);
  }

  /** Puts a model together; lengths are the model's own. */
  static final class Builder {
    private final List<Part> parts = new ArrayList<>();

    Builder add(Paint paint, Solid solid) {
      parts.add(new Part(solid, paint));
      return this;
    }

    Builder ball(Paint paint, double x, double y, double z, double radius) {
      return add(paint, new Ellipsoid(x, y, z, radius, radius, radius));
    }

    Builder ellipsoid(Paint paint, double x, double y, double z, double rx, double ry, double rz) {
      return add(paint, new Ellipsoid(x, y, z, rx, ry, rz));
    }

    /** A box whose foot has its centre at (x, y, z). */
    Builder box(
        Paint paint, double x, double y, double z, double width, double height, double depth) {
      return add(
          paint, new Cuboid(Bounds.around(x, y + height / 2, z, width / 2, height / 2, depth / 2)));
    }

    /** An upright rod whose foot has its centre at (x, y, z). */
    Builder column(
        Paint paint, double x, double y, double z, double foot, double top, double height) {
      return add(paint, new Frustum(x, y, z, x, y + height, z, foot, top));
    }

    Model build() {
      Bounds bounds =
          parts.stream().map(p -> p.solid().bounds()).reduce(Bounds::union).orElseThrow();
      return new Model(parts.toArray(Part[]::new), bounds);
    }
  }
}
