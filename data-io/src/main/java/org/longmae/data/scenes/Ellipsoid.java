package org.longmae.data.scenes;

/** An ellipsoid with its axes along the model's; a sphere when the radii are equal. */
record Ellipsoid(double x, double y, double z, double rx, double ry, double rz) implements Solid {
  @Override
  public boolean meet(Ray ray) {
    // Divided by its radii the solid is the unit sphere at the origin.
    double ox = (ray.ox - x) / rx;
    double oy = (ray.oy - y) / ry;
    double oz = (ray.oz - z) / rz;
    double dx = ray.dx / rx;
    double dy = ray.dy / ry;
    double dz = ray.dz / rz;
    double a = dx * dx + dy * dy + dz * dz;
    double b = ox * dx + oy * dy + oz * dz;
    double c = ox * ox + oy * oy + oz * oz - 1;
    double discriminant = b * b - a * c;
    if (discriminant < 0) {
      return false;
    }
    double t = (-b - Math.sqrt(discriminant)) / a;
    if (!ray.accepts(t)) {
      return false;
    }
    ray.meet(t, 0, (ox + t * dx) / rx, (oy + t * dy) / ry, (oz + t * dz) / rz);
    return true;
  }

  @Override
  public Bounds bounds() {
    return Bounds.around(x, y, z, rx, ry, rz);
  }
}
