package org.longmae.data.image;

import org.longmae.conf.LimitsConfig;
import org.longmae.conf.PrepareConfig;
import org.longmae.data.image.PictureHeader.Format;
import org.longmae.data.image.PictureHeader.Samples;

/**
 * Verifies pictures and brings them into the form that shards hold: one that every decoder gives
 * the same upright 8-bit RGB for, no larger than asked for.
 *
 * <p>A file that has this form already is kept byte for byte. Others are encoded again, without
 * metadata: those with an EXIF turn, four inks, more than 8 bits or transparency, which is dropped;
 * and those that are shrunk. A shrunk picture becomes a JPEG; else a JPEG stays one and other
 * formats become PNG, without further loss. Four inks are converted without their colour profile.
 *
 * <p>Bytes and refusals are a pure function of file and configuration. Safe for many threads.
 */
public final class PicturePreparation {
  private static final int LARGEST_REDUCTION = 8;

  private final PrepareConfig settings;
  private final LimitsConfig limits;

  /** Preparation by these settings, of pictures within these limits. */
  public PicturePreparation(PrepareConfig settings, LimitsConfig limits) {
    this.settings = settings;
    this.limits = limits;
  }

  /**
   * Verifies a picture by decoding it, and converts it where it must be.
   *
   * @throws UnreadablePictureException with the reason, if the bytes are not a whole picture or one
   *     above the limits
   */
  public PreparedPicture prepare(byte[] file) throws UnreadablePictureException {
    PictureHeader header = PictureHeader.read(file, limits);
    Region all = new Region(0, 0, header.uprightWidth(), header.uprightHeight());
    boolean isJpeg = header.format() == Format.JPEG;
    boolean sound = isJpeg && JpegVerifier.isWhole(file, header);
    boolean turned = header.orientation() != Exif.UPRIGHT;
    if (turned || header.samples() != Samples.PLAIN) {
      return converted(file, header, all);
    }
    Region to = shrunk(all);
    // Shrinking decodes all of a file that is no JPEG.
    if (!sound && (isJpeg || to.equals(all))) {
      PictureCodec.verify(file, all);
    }
    if (to.equals(all)) {
      return new PreparedPicture(file, all.width(), all.height(), all.width(), all.height(), false);
    }
    Picture small =
        isJpeg
            ? PictureCodec.decodeRegion(
                file, Picture.RGB, all, reduction(all, to), to.width(), to.height())
            : PictureCodec.shrink(file, all, to.width(), to.height());
    return encodedAgain(small, all, true);
  }

  /** How OpenCV turns and converts it counts, as that is what trains. */
  private PreparedPicture converted(byte[] file, PictureHeader header, Region expected)
      throws UnreadablePictureException {
    Picture picture = PictureCodec.decode(file);
    Region all = new Region(0, 0, picture.width(), picture.height());
    boolean otherWay =
        header.orientation() == Exif.UNCLEAR
            && all.width() == expected.height()
            && all.height() == expected.width();
    if (!otherWay) {
      PictureCodec.requireSize(expected, all);
    }
    Region to = shrunk(all);
    return to.equals(all)
        ? encodedAgain(picture, all, header.format() == Format.JPEG)
        : encodedAgain(Resample.bicubic(picture, all, to.width(), to.height()), all, true);
  }

  private PreparedPicture encodedAgain(Picture picture, Region source, boolean asJpeg) {
    byte[] bytes =
        asJpeg ? PictureCodec.jpeg(picture, settings.quality()) : PictureCodec.png(picture);
    return new PreparedPicture(
        bytes, picture.width(), picture.height(), source.width(), source.height(), true);
  }

  private Region shrunk(Region all) {
    double scale = scale(all);
    int width = Math.max(1, (int) Math.round(all.width() * scale));
    int height = Math.max(1, (int) Math.round(all.height() * scale));
    return new Region(0, 0, width, height);
  }

  private double scale(Region all) {
    int longest = Math.max(all.width(), all.height());
    int shortest = Math.min(all.width(), all.height());
    double to = settings.shrinkTo();
    return switch (settings.shrink()) {
      case NONE -> 1;
      case LONGEST -> Math.min(1, to / longest);
      case SHORTEST -> Math.min(1, to / shortest);
    };
  }

  /** Twice the size that is wanted is left to the resize, or the decoder's blocks would show. */
  private static int reduction(Region all, Region to) {
    int reduction = LARGEST_REDUCTION;
    while (reduction > 1
        && (all.width() < 2L * reduction * to.width()
            || all.height() < 2L * reduction * to.height())) {
      reduction /= 2;
    }
    return reduction;
  }
}
