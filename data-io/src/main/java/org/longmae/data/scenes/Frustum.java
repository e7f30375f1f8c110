package org.longmae.data.scenes;

/**
 * A round rod between two points whose radius changes evenly: cylinder, cone or something between.
 *
 * <pre>
 *   h(p) = (p − a)·(b − a) / |b − a|²        r(h) = ra + h·(rb − ra)
 *   side   |p − a|² − h²·|b − a|² = r(h)²    with 0 ≤ h ≤ 1
 *   caps   h = 0 or h = 1                    within ra or rb of the axis
 * </pre>
 *
 * <p>Along a ray h and r are linear in t, so the side is a quadratic.
 */
record Frustum(
    double ax, double ay, double az, double bx, double by, double bz, double ra, double rb)
    implements Solid {
  @Override
  public boolean meet(Ray ray) {
    double ux = bx - ax;
    double uy = by - ay;
    double uz = bz - az;
    double length2 = ux * ux + uy * uy + uz * uz;
    double ox = ray.ox - ax;
    double oy = ray.oy - ay;
    double oz = ray.oz - az;
    double h0 = (ox * ux + oy * uy + oz * uz) / length2;
    double h1 = (ray.dx * ux + ray.dy * uy + ray.dz * uz) / length2;
    double r0 = ra + (rb - ra) * h0;
    double r1 = (rb - ra) * h1;
    // Distance² to the axis, as c + 2bt + at².
    double a = ray.dx * ray.dx + ray.dy * ray.dy + ray.dz * ray.dz - length2 * h1 * h1;
    double b = ox * ray.dx + oy * ray.dy + oz * ray.dz - length2 * h0 * h1;
    double c = ox * ox + oy * oy + oz * oz - length2 * h0 * h0;

    boolean met = false;
    if (h1 != 0) {
      double cap = h1 > 0 ? -h0 / h1 : (1 - h0) / h1;
      double radius = h1 > 0 ? ra : rb;
      if (ray.accepts(cap) && c + cap * (2 * b + cap * a) <= radius * radius) {
        double sign = h1 > 0 ? -1 : 1;
        ray.meet(cap, h1 > 0 ? 1 : 2, sign * ux, sign * uy, sign * uz);
        met = true;
      }
    }

    double sideA = a - r1 * r1;
    double sideB = b - r0 * r1;
    double discriminant = sideB * sideB - sideA * (c - r0 * r0);
    if (discriminant < 0 || Math.abs(sideA) < 1e-12) {
      return met;
    }
    double root = Math.sqrt(discriminant);
    double one = (-sideB - root) / sideA;
    double other = (-sideB + root) / sideA;
    // Steep rays into a cone enter at the second root: the first lies on the mirrored cone.
    double near = Math.min(one, other);
    double t = onSide(ray, h0 + near * h1, near) ? near : Math.max(one, other);
    double h = h0 + t * h1;
    if (!onSide(ray, h, t)) {
      return met;
    }
    double along = h + (r0 + t * r1) * (rb - ra) / length2;
    ray.meet(
        t,
        0,
        ox + t * ray.dx - along * ux,
        oy + t * ray.dy - along * uy,
        oz + t * ray.dz - along * uz);
    return true;
  }

  private static boolean onSide(Ray ray, double h, double t) {
    return h >= 0 && h <= 1 && ray.accepts(t);
  }

  @Override
  public Bounds bounds() {
    double r = Math.max(ra, rb);
    double length2 = (bx - ax) * (bx - ax) + (by - ay) * (by - ay) + (bz - az) * (bz - az);
    double rx = r * reach(bx - ax, length2);
    double ry = r * reach(by - ay, length2);
    double rz = r * reach(bz - az, length2);
    return Bounds.around(ax, ay, az, rx, ry, rz).union(Bounds.around(bx, by, bz, rx, ry, rz));
  }

  /** How far a unit circle across the axis reaches along one coordinate. */
  private static double reach(double component, double length2) {
    return Math.sqrt(Math.max(0, 1 - component * component / length2));
  }
}
