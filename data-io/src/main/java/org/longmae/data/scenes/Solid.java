package org.longmae.data.scenes;

/**
 * A convex solid in a model's own coordinates.
 *
 * <p>Rays start outside, so only the surface where a ray enters counts.
 */
sealed interface Solid permits Ellipsoid, Dome, Cuboid, Convex, Frustum, Capsule {
  /**
   * Notes the hit in the ray if it is nearer than what the ray has met so far.
   *
   * @return whether it is
   */
  boolean meet(Ray ray);

  /** A box that encloses the solid. */
  Bounds bounds();
}
