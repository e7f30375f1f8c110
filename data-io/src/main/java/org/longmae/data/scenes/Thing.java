package org.longmae.data.scenes;

/** A model that stands somewhere on the ground, turned and scaled. */
final class Thing {
  private final SceneClass category;
  private final Model model;
  private final double x;
  private final double z;
  private final double scale;
  private final double cos;
  private final double sin;

  /** Height of the middle of the ball around the model, and the ball's radius squared. */
  private final double middle;

  private final double reach2;

  /**
   * @param height what {@link Model#size()} becomes in the world
   * @param yaw the turn around the vertical, in radians; 0 faces the camera
   */
  Thing(SceneClass category, Model model, double x, double z, double height, double yaw) {
    this.category = category;
    this.model = model;
    this.x = x;
    this.z = z;
    this.scale = height / model.size();
    this.cos = StrictMath.cos(yaw);
    this.sin = StrictMath.sin(yaw);
    this.middle = scale * model.bounds().y1() / 2;
    this.reach2 = middle * middle + radius() * radius();
  }

  SceneClass category() {
    return category;
  }

  double x() {
    return x;
  }

  double z() {
    return z;
  }

  double scale() {
    return scale;
  }

  double radius() {
    return scale * model.radius();
  }

  Paint paint(int part) {
    return model.parts()[part].paint();
  }

  /** Whether it and another would touch. */
  boolean touches(Thing other) {
    double dx = x - other.x;
    double dz = z - other.z;
    double apart = 0.95 * (radius() + other.radius());
    return dx * dx + dz * dz < apart * apart;
  }

  /**
   * Follows the world's ray through the model.
   *
   * @param local receives the ray in the model's coordinates and, if something nearer is met there,
   *     the hit
   * @return whether something nearer than {@code world.t} was met
   */
  boolean meet(Ray world, Ray local) {
    enter(world, local);
    if (!model.bounds().crossedBy(local)) {
      return false;
    }
    boolean met = false;
    Part[] parts = model.parts();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].solid().meet(local)) {
        local.part = i;
        met = true;
      }
    }
    return met;
  }

  /** Whether anything of the model lies on the ray, whose direction has length 1. */
  boolean blocks(Ray world, Ray local) {
    if (!passesBy(world)) {
      return false;
    }
    enter(world, local);
    if (!model.bounds().crossedBy(local)) {
      return false;
    }
    for (Part part : model.parts()) {
      if (part.solid().meet(local)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the ray comes within reach of the ball around the model: cheaper than its box. */
  private boolean passesBy(Ray world) {
    double vx = x - world.ox;
    double vy = middle - world.oy;
    double vz = z - world.oz;
    double ahead = vx * world.dx + vy * world.dy + vz * world.dz;
    double away2 = vx * vx + vy * vy + vz * vz;
    return away2 < reach2 || ahead > 0 && away2 - ahead * ahead < reach2;
  }

  private void enter(Ray world, Ray local) {
    double rx = world.ox - x;
    double rz = world.oz - z;
    local.from((cos * rx - sin * rz) / scale, world.oy / scale, (sin * rx + cos * rz) / scale);
    local.towards(
        (cos * world.dx - sin * world.dz) / scale,
        world.dy / scale,
        (sin * world.dx + cos * world.dz) / scale);
    local.t = world.t;
  }

  /** Notes in the world's ray what the model's ray has met; the normal becomes a unit vector. */
  void leave(Ray local, Ray world) {
    double nx = cos * local.nx + sin * local.nz;
    double nz = cos * local.nz - sin * local.nx;
    double length = Math.sqrt(nx * nx + local.ny * local.ny + nz * nz);
    world.meet(local.t, local.face, nx / length, local.ny / length, nz / length);
    world.part = local.part;
  }

  /** Corner {@code i} of 8 of the box around the model, in the world: x, y, z. */
  double[] corner(int i) {
    Bounds b = model.bounds();
    double lx = scale * ((i & 1) == 0 ? b.x0() : b.x1());
    double ly = scale * ((i & 2) == 0 ? b.y0() : b.y1());
    double lz = scale * ((i & 4) == 0 ? b.z0() : b.z1());
    return new double[] {x + cos * lx + sin * lz, ly, z - sin * lx + cos * lz};
  }
}
