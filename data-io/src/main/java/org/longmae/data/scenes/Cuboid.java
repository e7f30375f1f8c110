package org.longmae.data.scenes;

/** A box with its faces across the model's axes. */
record Cuboid(Bounds bounds) implements Solid {
  @Override
  public boolean meet(Ray ray) {
    double ax = ((ray.dx > 0 ? bounds.x0() : bounds.x1()) - ray.ox) / ray.dx;
    double ay = ((ray.dy > 0 ? bounds.y0() : bounds.y1()) - ray.oy) / ray.dy;
    double az = ((ray.dz > 0 ? bounds.z0() : bounds.z1()) - ray.oz) / ray.dz;
    double t = Math.max(ax, Math.max(ay, az));
    if (!ray.accepts(t) || !bounds.crossedBy(ray)) {
      return false;
    }
    if (t == ax) {
      ray.meet(t, ray.dx > 0 ? 0 : 1, -Math.signum(ray.dx), 0, 0);
    } else if (t == ay) {
      ray.meet(t, ray.dy > 0 ? 2 : 3, 0, -Math.signum(ray.dy), 0);
    } else {
      ray.meet(t, ray.dz > 0 ? 4 : 5, 0, 0, -Math.signum(ray.dz));
    }
    return true;
  }
}
