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
    double scale = scale(all);
    boolean shrinks = scale < 1;
    boolean converts = header.orientation() != Exif.UPRIGHT || header.samples() != Samples.PLAIN;
    boolean verified = header.format() == Format.JPEG && JpegVerifier.isWhole(file, header);
    if (!shrinks && !converts) {
      if (!verified) {
        PictureCodec.verify(file, all);
      }
      return prepared(file, all.width(), all.height(), all, false);
    }
    int width = Math.max(1, (int) Math.round(all.width() * scale));
    int height = Math.max(1, (int) Math.round(all.height() * scale));
    Picture picture = decode(file, verified, all, width, height);
    byte[] bytes =
        shrinks || header.format() == Format.JPEG
            ? PictureCodec.jpeg(picture, settings.quality())
            : PictureCodec.png(picture);
    return prepared(bytes, width, height, all, true);
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

  /**
   * @param verified whether the size is known to be that of the header, and the file is a JPEG
   */
  private static Picture decode(byte[] file, boolean verified, Region all, int width, int height)
      throws UnreadablePictureException {
    boolean shrinks = width != all.width() || height != all.height();
    if (shrinks && verified) {
      int reduction = reduction(all, width, height);
      return PictureCodec.decodeRegion(file, Picture.RGB, all, reduction, width, height);
    }
    Picture picture = PictureCodec.decode(file);
    PictureCodec.requireSize(all, new Region(0, 0, picture.width(), picture.height()));
    return shrinks ? Resample.bicubic(picture, all, width, height) : picture;
  }

  /** Twice the size that is wanted is left to the resize, or the decoder's blocks would show. */
  private static int reduction(Region all, int width, int height) {
    int reduction = LARGEST_REDUCTION;
    while (reduction > 1
        && (all.width() < 2L * reduction * width || all.height() < 2L * reduction * height)) {
      reduction /= 2;
    }
    return reduction;
  }

  private static PreparedPicture prepared(
      byte[] bytes, int width, int height, Region source, boolean encodedAgain) {
    return new PreparedPicture(bytes, width, height, source.width(), source.height(), encodedAgain);
  }
}
