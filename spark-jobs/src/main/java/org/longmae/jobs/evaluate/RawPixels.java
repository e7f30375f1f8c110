package org.longmae.jobs.evaluate;

import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.ImageConfig;
import org.longmae.conf.ImageSize;
import org.longmae.data.load.Batch;

/**
 * The pixels themselves: what can be told of pictures without any model.
 *
 * @param image at most 32 x 32 pixels
 */
record RawPixels(ImageConfig image) implements Describer {
  private static final long serialVersionUID = 1L;

  /** More pixels than this a linear classifier of the pixels gains nothing from. */
  private static final int MOST = 32;

  /** Pixels of pictures that features are made of, shrunk if they are large. */
  static RawPixels of(ImageConfig transfer) {
    int height = Math.min(MOST, transfer.size().height());
    int width = Math.min(MOST, transfer.size().width());
    return new RawPixels(transfer.withSize(new ImageSize(height, width)));
  }

  @Override
  public Open open(Configuration hadoop) {
    return new Open() {
      @Override
      public float[] features(Batch batch) {
        return batch.images_BCHW();
      }

      @Override
      public void close() {}
    };
  }
}
