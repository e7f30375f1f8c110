/**
 * Built-in scenes: labelled synthetic photographs from a small analytic ray tracer.
 *
 * <p>Read in this order: {@link org.longmae.data.scenes.Scenes} renders one picture; {@code
 * Composer} decides what stands where; {@code Tracer} turns that world into pixels and ids; {@code
 * Contours} turns ids into polygons; {@link org.longmae.data.scenes.SceneFolder} writes COCO's
 * layout.
 *
 * <p>Two rules hold throughout. A picture is a pure function of (seed, index, width, height), on
 * every machine: only arithmetic that IEEE 754 defines exactly, {@link java.lang.StrictMath} for
 * the rest, and no ambient randomness. And nothing varies from pixel to pixel for its own sake:
 * textures are patterns and noise far coarser than a pixel, faded out where a pixel grows coarser
 * than they, because noise that cannot be predicted teaches a masked autoencoder nothing.
 *
 * <p>World axes: x to the right, y up, z away from the camera; the ground is y = 0. Colours are
 * linear light in [0, 1].
 */
package org.longmae.data.scenes;
