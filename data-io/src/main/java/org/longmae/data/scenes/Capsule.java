package org.longmae.data.scenes;

/** A rod with round ends: all points within {@code r} of the line from a to b. */
record Capsule(double ax, double ay, double az, double bx, double by, double bz, double r)
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
    double dd = ray.dx * ray.dx + ray.dy * ray.dy + ray.dz * ray.dz;
    double od = ox * ray.dx + oy * ray.dy + oz * ray.dz;
    double a = dd - length2 * h1 * h1;
    double b = od - length2 * h0 * h1;
    double c = ox * ox + oy * oy + oz * oz - length2 * h0 * h0 - r * r;
    double discriminant = b * b - a * c;
    if (discriminant < 0) {
      return false;
    }
    double t = (-b - Math.sqrt(discriminant)) / a;
    double h = h0 + t * h1;
    if (h >= 0 && h <= 1) {
      return note(ray, t, ox, oy, oz, h, ux, uy, uz);
    }
    // Past an end of the rod the ray can only enter the ball there.
    double end = h < 0 ? 0 : 1;
    double ex = ox - end * ux;
    double ey = oy - end * uy;
    double ez = oz - end * uz;
    double ed = ex * ray.dx + ey * ray.dy + ez * ray.dz;
    double inside = ed * ed - dd * (ex * ex + ey * ey + ez * ez - r * r);
    return inside >= 0 && note(ray, (-ed - Math.sqrt(inside)) / dd, ox, oy, oz, end, ux, uy, uz);
  }

  private static boolean note(
      Ray ray,
      double t,
      double ox,
      double oy,
      double oz,
      double h,
      double ux,
      double uy,
      double uz) {
    if (!ray.accepts(t)) {
      return false;
    }
    ray.meet(t, 0, ox + t * ray.dx - h * ux, oy + t * ray.dy - h * uy, oz + t * ray.dz - h * uz);
    return true;
  }

  @Override
  public Bounds bounds() {
    return Bounds.around(ax, ay, az, r, r, r).union(Bounds.around(bx, by, bz, r, r, r));
  }
}
