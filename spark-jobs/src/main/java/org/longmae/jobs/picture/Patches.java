package org.longmae.jobs.picture;

/**
 * Where the values of a patch lie in a picture.
 *
 * <p>Patches are counted row by row. Inside a patch, values are in target order: row, then column,
 * then channel, so value k = (py · p + px) · C + c. This is not the order of the patch embedding's
 * weights, which starts with the channel.
 *
 * @param rows patches from top to bottom
 * @param cols patches from left to right
 * @param side p, pixels
 * @param channels C
 */
record Patches(int rows, int cols, int side, int channels) {
  Patches {
    require(rows >= 1, "rows must be at least 1 but was ", rows);
    require(cols >= 1, "cols must be at least 1 but was ", cols);
    require(side >= 1, "patchSize must be at least 1 but was ", side);
    require(channels >= 1, "channels must be at least 1 but was ", channels);
  }

  /** L. */
  int count() {
    return rows * cols;
  }

  /** V. */
  int values() {
    return side * side * channels;
  }

  int width() {
    return cols * side;
  }

  int height() {
    return rows * side;
  }

  /** Where value {@code k} of a patch lies in a picture stored as CHW. */
  int pixel(int patch, int k) {
    int channel = k % channels;
    int x = patch % cols * side + k / channels % side;
    int y = patch / cols * side + k / channels / side;
    return (channel * height() + y) * width() + x;
  }

  /** The patch that a place of a picture stored as CHW belongs to. */
  int patchAt(int pixel) {
    int place = pixel % (height() * width());
    return place / width() / side * cols + place % width() / side;
  }

  /** The patches of {@code times} x {@code times} of these each; they must tile the picture. */
  Patches larger(int times) {
    if (times < 1 || rows % times != 0 || cols % times != 0) {
      throw new IllegalArgumentException(
          String.format(
              "predictionDownsampling must divide %d and %d patches but was %d",
              rows, cols, times));
    }
    return new Patches(rows / times, cols / times, side * times, channels);
  }

  /** Square of the distance between the centres of two patches, in patches. */
  int squaredDistance(int a, int b) {
    int dx = a % cols - b % cols;
    int dy = a / cols - b / cols;
    return dx * dx + dy * dy;
  }

  private static void require(boolean holds, String rule, int value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + value);
    }
  }
}
