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
 * Turns a stored picture into the model's numbers: choose a region, decode, resize; then mirror and
 * normalise.
 */
public final class Rendering {
  /** A picture of the images' shape, not yet mirrored. */
  public record Rendered(Picture picture, boolean mirrored) {}

  /**
   * A picture is reduced inside the JPEG decoder only as far as four times the wanted size is left
   * for the antialiased resize, which then hides most of the difference. On photographs, against
   * Pillow's resize of the whole picture, a mean of 0.2 to 0.3 grey levels is left, and one value
   * in a hundred is off by more than 2, at hard edges of colours. Twice the size, as Pillow's own
   * {@code reducing_gap} suggests, leaves 0.4 to 0.7, and in some pictures 2.5. Without reducing
   * there is no difference. Figures: docs/benchmarks.md.
   */
  private static final int REDUCING_GAP = 4;

  private static final int LARGEST_REDUCTION = 8;

  private final ImageConfig image;
  private final Normalizer normalizer;

  /** Makes images as configured. Safe for many threads. */
  public Rendering(ImageConfig image) {
    this.image = image;
    normalizer = new Normalizer(image.mean(), image.std());
  }

  /** Floats of one image. */
  public int imageLength() {
    return image.channels() * image.size().pixels();
  }

  /**
   * A random crop, mirrored or not; both follow from (seed, epoch, sample id).
   *
   * @throws UnreadablePictureException if the picture cannot be decoded
   */
  public Rendered training(ShardRow row, Randomness randomness, long epoch)
      throws UnreadablePictureException {
    RandomGenerator random = randomness.stream(Randomness.Purpose.AUGMENT, epoch, row.id());
    Region region = Crops.randomResized(row.width(), row.height(), image.minCrop(), random);
    boolean mirrored = image.flip() && random.nextBoolean();
    return new Rendered(resized(row, region), mirrored);
  }

  /**
   * The largest centred part of the images' shape, as it is.
   *
   * @throws UnreadablePictureException if the picture cannot be decoded
   */
  public Rendered evaluation(ShardRow row) throws UnreadablePictureException {
    Region centre =
        Crops.centre(row.width(), row.height(), image.size().width(), image.size().height());
    return new Rendered(resized(row, centre), false);
  }

  /** Writes {@link #imageLength} values from {@code at} on. */
  public void normalize(Rendered rendered, float[] out, int at) {
    normalizer.write(rendered.picture(), rendered.mirrored(), out, at);
  }

  private Picture resized(ShardRow row, Region region) throws UnreadablePictureException {
    return PictureCodec.decodeRegion(
        row.image(),
        image.channels(),
        region,
        reduction(row, region),
        image.size().width(),
        image.size().height());
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
