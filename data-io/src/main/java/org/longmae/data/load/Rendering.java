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
    return image.channels() * image.size() * image.size();
  }

  /** A random crop, mirrored or not; both follow from (seed, epoch, sample id). */
  void training(ShardRow row, Randomness randomness, long epoch, float[] out, int at)
      throws UnreadablePictureException {
    RandomGenerator random = randomness.stream(Randomness.Purpose.AUGMENT, epoch, row.id());
    Region region = Crops.randomResized(row.width(), row.height(), image.minCrop(), random);
    boolean mirrored = image.flip() && random.nextBoolean();
    render(row, region, mirrored, out, at);
  }

  /** The largest centred square, as it is. */
  void evaluation(ShardRow row, float[] out, int at) throws UnreadablePictureException {
    render(row, Crops.centreSquare(row.width(), row.height()), false, out, at);
  }

  private void render(ShardRow row, Region region, boolean mirrored, float[] out, int at)
      throws UnreadablePictureException {
    int size = image.size();
    Picture resized =
        PictureCodec.decodeRegion(row.image(), region, reduction(row, region), size, size);
    normalizer.write(resized, mirrored, out, at);
  }

  private int reduction(ShardRow row, Region region) {
    if (!PictureCodec.isJpeg(row.image())) {
      return 1;
    }
    int side = Math.min(region.width(), region.height());
    int reduction = LARGEST_REDUCTION;
    while (reduction > 1 && side < reduction * REDUCING_GAP * image.size()) {
      reduction /= 2;
    }
    return reduction;
  }
}
