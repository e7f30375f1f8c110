package org.longmae.data.load;

/**
 * One batch, ready for the model. The arrays belong to whoever got the batch.
 *
 * @param ids sample ids
 * @param labels class indices, -1 for pictures without one
 * @param images_BCHW pixels, {@code B·C·H·W} in that order, normalised with the configured mean and
 *     standard deviation
 */
public record Batch(long[] ids, int[] labels, float[] images_BCHW) {
  /** B, pictures in the batch. */
  public int size() {
    return ids.length;
  }
}
