package org.longmae.data.scenes;

/** The upper half of an ellipsoid; (x, y, z) is the middle of its flat underside. */
record Dome(double x, double y, double z, double rx, double ry, double rz) implements Solid {
  @Override
  public boolean meet(Ray ray) {
    // Divided by its radii the solid is the upper half of the unit sphere.
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
    if (oy + t * dy >= 0) {
      if (!ray.accepts(t)) {
        return false;
      }
      ray.meet(t, 0, (ox + t * dx) / rx, (oy + t * dy) / ry, (oz + t * dz) / rz);
      return true;
    }
    double flat = -oy / dy;
    if (dy <= 0 || !ray.accepts(flat) || c + flat * (2 * b + flat * a) > 0) {
      return false;
    }
    ray.meet(flat, 1, 0, -1, 0);
    return true;
  }

  @Override
  public Bounds bounds() {
    return Bounds.around(x, y + ry / 2, z, rx, ry / 2, rz);
  }
}
