package org.longmae.data.scenes;

/**
 * One distant lamp and the light from everywhere else.
 *
 * @param x direction towards the lamp, a unit vector with y and z
 * @param sun colour and strength of the lamp
 * @param above light from above
 * @param below light from below
 */
record Light(double x, double y, double z, Colour sun, Colour above, Colour below) {
  /**
   * @param elevation sine of the angle above the horizon
   * @param azimuth angle from behind the camera, in radians
   */
  static Light from(double elevation, double azimuth, Colour sun, Colour above, Colour below) {
    double flat = Math.sqrt(1 - elevation * elevation);
    return new Light(
        flat * StrictMath.sin(azimuth),
        elevation,
        -flat * StrictMath.cos(azimuth),
        sun,
        above,
        below);
  }
}
