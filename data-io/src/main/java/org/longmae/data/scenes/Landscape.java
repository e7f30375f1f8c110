package org.longmae.data.scenes;

/**
 * Sky with clouds, and hills on the horizon.
 *
 * @param haze how fast distance fades to the horizon's colour
 * @param cover share of the sky under clouds, in [0, 1]
 * @param hillHeight height of the far hills as a slope; 0 for none
 */
record Landscape(
    Colour zenith,
    Colour horizon,
    Colour glow,
    Colour cloud,
    double cover,
    Colour hills,
    double hillHeight,
    double haze,
    int seed)
    implements Backdrop {
  /** Which layer a ray that meets nothing else ends in: 0 sky, 1 far hills, 2 near hills. */
  int layer(Ray ray) {
    if (hillHeight == 0) {
      return 0;
    }
    double across = ray.dx / ray.dz;
    double slope = ray.dy / ray.dz;
    if (slope < hillHeight * 0.5 * Noise.value(3 * across + 40, 0.5, seed + 7)) {
      return 2;
    }
    double ridge = Noise.cloudy(2.2 * across + 20, 0.5, 0, seed + 3);
    return slope < hillHeight * (0.25 + ridge) ? 1 : 0;
  }

  void shade(Ray ray, int layer, Light light, Rgb out) {
    double lit = Noise.ease(0.5 + light.x() * ray.dx - light.z() * 0.5);
    switch (layer) {
      case 1 -> {
        out.set(hills);
        out.mix(horizon, 0.62 - 0.15 * lit);
      }
      case 2 -> {
        out.set(hills);
        out.mix(horizon, 0.3 - 0.1 * lit);
      }
      default -> sky(ray, light, out);
    }
  }

  private void sky(Ray ray, Light light, Rgb out) {
    double up = Math.max(0, ray.dy);
    out.set(horizon);
    out.mix(zenith, Math.min(1, 1.5 * Math.sqrt(up)));
    double towards = ray.dx * light.x() + ray.dy * light.y() + ray.dz * light.z();
    double near = Math.max(0, 0.5 + 0.5 * towards);
    out.mix(glow, 0.5 * near * near * near * near);
    if (cover > 0 && up > 0.01) {
      double u = 1.1 * ray.dx / (up + 0.12);
      double v = 1.1 * ray.dz / (up + 0.12);
      double thick =
          0.62 * Noise.value(u, v, seed)
              + 0.26 * Noise.value(2.1 * u + 5, 2.1 * v, seed + 1)
              + 0.12 * Noise.value(4.3 * u, 4.3 * v + 9, seed + 2);
      double share = Noise.step(1 - cover, 0.3, thick);
      out.mix(cloud, 0.85 * share * Math.min(1, 8 * up));
    }
  }

  /** Fades a colour at some distance into the air. */
  void fade(double distance, Rgb out) {
    double thick = haze * distance;
    out.mix(horizon, thick * thick / (1 + thick * thick));
  }
}
