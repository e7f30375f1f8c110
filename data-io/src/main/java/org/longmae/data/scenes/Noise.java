package org.longmae.data.scenes;

/** Smooth functions that textures are made of. */
final class Noise {
  private Noise() {}

  /** Value noise: random numbers in [0, 1] at whole coordinates, smooth between. */
  static double value(double x, double y, int seed) {
    double floorX = Math.floor(x);
    double floorY = Math.floor(y);
    int ix = (int) floorX;
    int iy = (int) floorY;
    double sx = ease(x - floorX);
    double sy = ease(y - floorY);
    double low = corner(ix, iy, seed) * (1 - sx) + corner(ix + 1, iy, seed) * sx;
    double high = corner(ix, iy + 1, seed) * (1 - sx) + corner(ix + 1, iy + 1, seed) * sx;
    return low * (1 - sy) + high * sy;
  }

  /** Two octaves of value noise, the finer one fading as a pixel's footprint grows; in [0, 1]. */
  static double cloudy(double x, double y, double footprint, int seed) {
    double coarse = value(x, y, seed);
    double fade = detail(0.4, footprint);
    if (fade == 0) {
      return coarse;
    }
    double fine = value(2.3 * x + 17, 2.3 * y - 9, seed + 1) - 0.5;
    return Math.min(1, Math.max(0, coarse + 0.5 * fade * fine));
  }

  /** A random number in [0, 1] for a pair of whole numbers. */
  static double corner(int x, int y, int seed) {
    int h = x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ seed * 0xC2B2AE3D;
    h = (h ^ h >>> 15) * 0x2C1B3C6D;
    h = (h ^ h >>> 12) * 0x297A2D39;
    return (h >>> 8) * 0x1p-24;
  }

  /** How much of a pattern of this period survives a pixel of this footprint: 1, falling to 0. */
  static double detail(double period, double footprint) {
    return ease(1.8 - 2.4 * footprint / period);
  }

  /** 0 below {@code edge}, 1 above, with a soft transition as wide as {@code width}. */
  static double step(double edge, double width, double x) {
    return ease((x - edge) / width + 0.5);
  }

  /** A smooth wave of period 1 between 0 and 1. */
  static double wave(double x) {
    double phase = x - Math.floor(x);
    double p = phase * (1 - phase);
    return 16 * p * p;
  }

  /** 3x² − 2x³ on [0, 1], constant outside. */
  static double ease(double x) {
    double c = Math.min(1, Math.max(0, x));
    return c * c * (3 - 2 * c);
  }
}
