package org.longmae.data.scenes;

/**
 * What a part's surface looks like.
 *
 * @param texture the pattern
 * @param mapping how a point on the solid becomes a point of the pattern
 * @param gloss strength of the highlight, 0 for a matt surface
 * @param glow light the surface gives off itself, as a share of its colour
 */
record Paint(Texture texture, Mapping mapping, double gloss, double glow) {
  /** How a point on the solid becomes a point of the pattern. */
  enum Mapping {
    /** From the side the surface faces. */
    FACE,
    /** Around the vertical axis, in turns, and up. */
    AROUND,
    /** From above. */
    TOP,
    /** From above, by the angle at which the surface leans: patterns keep their size on a dome. */
    DOME
  }

  static Paint plain(Colour colour, double gloss) {
    return new Paint(new Texture.Plain(colour), Mapping.TOP, gloss, 0);
  }

  static Paint of(Texture texture, Mapping mapping, double gloss) {
    return new Paint(texture, mapping, gloss, 0);
  }

  /** Sets the colour where a ray has met the solid; the ray is in the model's coordinates. */
  void shade(Ray ray, double footprint, Rgb out) {
    double x = ray.x();
    double y = ray.y();
    double z = ray.z();
    switch (mapping) {
      case FACE -> {
        double ax = Math.abs(ray.nx);
        double ay = Math.abs(ray.ny);
        double az = Math.abs(ray.nz);
        if (ay > ax && ay > az) {
          texture.paint(x, z + 0.5, footprint, out);
        } else if (ax > az) {
          texture.paint(z, y, footprint, out);
        } else {
          texture.paint(x, y, footprint, out);
        }
      }
      case AROUND -> {
        double turns = StrictMath.atan2(z, x) / (2 * Math.PI);
        double radius = Math.max(0.05, Math.sqrt(x * x + z * z));
        texture.paint(turns + 0.5, y, footprint / (2 * Math.PI * radius), out);
      }
      case DOME -> {
        double flat = Math.max(1e-6, Math.sqrt(ray.nx * ray.nx + ray.nz * ray.nz));
        double lean = StrictMath.atan2(flat, ray.ny) / flat;
        texture.paint(lean * ray.nx, lean * ray.nz, footprint, out);
      }
      case TOP -> texture.paint(x, z, footprint, out);
    }
  }
}
