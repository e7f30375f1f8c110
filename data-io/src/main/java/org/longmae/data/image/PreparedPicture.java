package org.longmae.data.image;

/**
 * A picture as it goes into a shard.
 *
 * @param bytes its file; not copied, not to be changed
 * @param width pixels a row once decoded
 * @param height rows once decoded
 * @param sourceWidth pixels a row of the upright source: what annotations count in
 * @param sourceHeight rows of the upright source
 * @param encodedAgain false if {@code bytes} are the source's own
 */
public record PreparedPicture(
    byte[] bytes, int width, int height, int sourceWidth, int sourceHeight, boolean encodedAgain) {}
