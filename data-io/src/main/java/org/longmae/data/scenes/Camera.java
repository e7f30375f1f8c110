package org.longmae.data.scenes;

/**
 * A pinhole camera that looks along +z, tilted down by {@code pitch}.
 *
 * @param height above the ground
 * @param distance from the origin, along −z
 * @param spread tangent of half the angle that the picture's shorter side spans
 */
record Camera(double height, double distance, double sinPitch, double cosPitch, double spread) {
  /** A camera that aims at a point above the origin. */
  static Camera aimedAt(double aim, double height, double distance, double spread) {
    double length = Math.sqrt((height - aim) * (height - aim) + distance * distance);
    return new Camera(height, distance, (height - aim) / length, distance / length, spread);
  }

  /** Points the ray at a place in the picture, in pixels; pixel centres lie at halves. */
  void aim(double px, double py, int width, int imageHeight, Ray ray) {
    double unit = pixel(width, imageHeight);
    double right = (px - width / 2.0) * unit;
    double up = (imageHeight / 2.0 - py) * unit;
    double y = up * cosPitch - sinPitch;
    double z = up * sinPitch + cosPitch;
    double length = Math.sqrt(right * right + y * y + z * z);
    ray.from(0, height, -distance);
    ray.towards(right / length, y / length, z / length);
  }

  /** Side of a pixel at distance 1. */
  double pixel(int width, int imageHeight) {
    return 2 * spread / Math.min(width, imageHeight);
  }

  /** How far in front of the camera a point lies. */
  double depth(double[] point) {
    return (point[2] + distance) * cosPitch - (point[1] - height) * sinPitch;
  }

  /** Where a point in front of the camera appears: x and y in pixels. */
  double[] project(double[] point, int width, int imageHeight) {
    double depth = depth(point);
    double up = (point[2] + distance) * sinPitch + (point[1] - height) * cosPitch;
    double unit = pixel(width, imageHeight);
    return new double[] {
      width / 2.0 + point[0] / depth / unit, imageHeight / 2.0 - up / depth / unit
    };
  }
}
