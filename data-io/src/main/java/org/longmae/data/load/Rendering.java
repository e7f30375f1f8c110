package org.longmae.data.load;

import java.util.random.RandomGenerator;
import org.longmae.conf.ImageConfig;
import org.longmae.conf.Randomness;
import org.longmae.data.image.Crops;
import org.longmae.data.image.Normalizer;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.image.Region;
import org.longmae.data.image.UnreadablePictureException;
import org.longmae.data.shard.ShardRow;

/**
 * Turns a stored picture into the model's numbers: choose a region, decode, resize, mirror,
 * normalise.
 */
final class Rendering {
  /**
   * A picture is reduced inside the JPEG decoder only as far as twice the wanted size is left for
   * the antialiased resize, which then hides the difference (Pillow's {@code reducing_gap} of 2).
   */
  private static final int REDUCING_GAP = 2;

  private static final int LARGEST_REDUCTION = 8;

  private final ImageConfig image;
  private final Normalizer normalizer;

  Rendering(ImageConfig image) {
    this.image = image;
    normalizer = new Normalizer(image.mean(), image.std());
  }

  /** Floats of one image. */
  int imageLength() {
    return image.channels() * image.size().pixels();
  }

  /** A random crop, mirrored or not; both follow from (seed, epoch, sample id). */
  void training(ShardRow row, Randomness randomness, long epoch, float[] out, int at)
      throws UnreadablePictureException {
    RandomGenerator random = randomness.stream(Randomness.Purpose.AUGMENT, epoch, row.id());
    Region region = Crops.randomResized(row.width(), row.height(), image.minCrop(), random);
    boolean mirrored = image.flip() && random.nextBoolean();
    render(row, region, mirrored, out, at);
  }

  /** The largest centred part of the images' shape, as it is. */
  void evaluation(ShardRow row, float[] out, int at) throws UnreadablePictureException {
    Region centre =
        Crops.centre(row.width(), row.height(), image.size().width(), image.size().height());
    render(row, centre, false, out, at);
  }

  private void render(ShardRow row, Region region, boolean mirrored, float[] out, int at)
      throws UnreadablePictureException {
    Picture resized =
        PictureCodec.decodeRegion(
            row.image(),
            image.channels(),
            region,
            reduction(row, region),
            image.size().width(),
            image.size().height());
    normalizer.write(resized, mirrored, out, at);
  }

  private int reduction(ShardRow row, Region region) {
    if (!PictureCodec.isJpeg(row.image())) {
      return 1;
    }
    int reduction = LARGEST_REDUCTION;
    while (reduction > 1 && !leavesGap(region, reduction)) {
      reduction /= 2;
    }
    return reduction;
  }

  private boolean leavesGap(Region region, int reduction) {
    int least = reduction * REDUCING_GAP;
    return region.width() >= least * image.size().width()
        && region.height() >= least * image.size().height();
  }
}
