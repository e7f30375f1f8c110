package org.longmae.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes and encodes pictures with OpenCV.
 *
 * <p>Decoding gives eight-bit RGB whatever was stored: EXIF orientation is applied, grey and CMYK
 * are converted, 16 bits are reduced, transparency is dropped. JPEG, PNG, BMP and WebP are told
 * apart by their first bytes. Native memory is freed before a method returns. Safe for many
 * threads.
 */
public final class PictureCodec {
  private PictureCodec() {}

  /**
   * Decodes a whole picture. Whether it is whole and of a bearable size, {@link PicturePreparation}
   * tells.
   *
   * @throws UnreadablePictureException if OpenCV cannot decode it
   */
  public static Picture decode(byte[] encoded) throws UnreadablePictureException {
    return decode(encoded, 1, MatRows::picture);
  }

  /**
   * Decodes a picture without bringing it to the Java heap.
   *
   * @param expected its size, as its header says
   * @throws UnreadablePictureException if OpenCV cannot decode it or finds another size
   */
  static void verify(byte[] encoded, Region expected) throws UnreadablePictureException {
    decode(encoded, 1, rows -> requireSize(expected, rows));
  }

  /**
   * Decodes a picture and resizes all of it, at once with verifying it.
   *
   * @param expected its size, as its header says
   * @throws UnreadablePictureException if OpenCV cannot decode it or finds another size
   */
  static Picture shrink(byte[] encoded, Region expected, int width, int height)
      throws UnreadablePictureException {
    return decode(
        encoded,
        1,
        rows -> {
          requireSize(expected, rows);
          return Resample.bicubic(rows, expected, 1, width, height);
        });
  }

  private static Region requireSize(Region expected, PixelRows rows)
      throws UnreadablePictureException {
    Region found = new Region(0, 0, rows.width(), rows.height());
    requireSize(expected, found);
    return found;
  }

  /** Refuses a picture whose decoder and header do not agree. */
  static void requireSize(Region expected, Region found) throws UnreadablePictureException {
    if (!found.equals(expected)) {
      throw new UnreadablePictureException(
          "not a picture: its header says %d×%d pixels but OpenCV finds %d×%d"
              .formatted(expected.width(), expected.height(), found.width(), found.height()));
    }
  }

  /**
   * Decodes a picture that {@link PicturePreparation} has accepted before and resizes a region of
   * it, without checking its structure again and without bringing all of it to the Java heap.
   *
   * <p>A JPEG can be reduced inside the decoder: it is stored as 8×8 blocks of frequencies, and
   * leaving the high ones out gives a half, a quarter or an eighth of the size for a fraction of
   * the work.
   *
   * @param channels 3 for RGB, 1 for grey: luma, as {@link GreyRows} has it
   * @param region in pixels of the full picture
   * @param reduction 1, 2, 4 or 8; 1 unless {@code encoded} is a JPEG
   * @throws UnreadablePictureException if OpenCV cannot decode it
   */
  public static Picture decodeRegion(
      byte[] encoded, int channels, Region region, int reduction, int width, int height)
      throws UnreadablePictureException {
    if (reduction != 1 && !isJpeg(encoded)) {
      throw new IllegalArgumentException("only a JPEG can be reduced, by 2, 4 or 8");
    }
    return decode(
        encoded,
        reduction,
        rgb -> {
          PixelRows rows = channels == Picture.RGB ? rgb : new GreyRows(rgb);
          return Resample.bicubic(rows, region, reduction, width, height);
        });
  }

  /** Whether a file begins as a JPEG does. */
  public static boolean isJpeg(byte[] encoded) {
    return encoded.length > 2 && encoded[0] == (byte) 0xff && encoded[1] == (byte) 0xd8;
  }

  /**
   * Encodes as JPEG.
   *
   * @param quality 1 to 100
   */
  public static byte[] jpeg(Picture picture, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality must be in 1…100 but was " + quality);
    }
    return encode(picture, ".jpg", IMWRITE_JPEG_QUALITY, quality);
  }

  /** Encodes as PNG, without loss. */
  public static byte[] png(Picture picture) {
    return encode(picture, ".png");
  }

  /** What is done with decoded pixels while they are in native memory. */
  private interface Use<T> {
    T apply(MatRows pixels) throws UnreadablePictureException;
  }

  /** Hands the decoded pixels to {@code use} while they are in native memory. */
  private static <T> T decode(byte[] encoded, int reduction, Use<T> use)
      throws UnreadablePictureException {
    // OpenCV's flags for a reduced picture are 16, 32 and 64 for a half, a quarter and an eighth.
    int flags = IMREAD_COLOR_RGB | (reduction > 1 ? 8 * reduction : 0);
    try (BytePointer bytes = new BytePointer(encoded);
        Mat file = new Mat(1, encoded.length, CV_8UC1, bytes);
        Mat pixels = decode(file, flags)) {
      if (pixels.empty()) {
        throw new UnreadablePictureException("not a picture: OpenCV cannot decode it");
      }
      return use.apply(new MatRows(pixels));
    }
  }

  private static Mat decode(Mat file, int flags) throws UnreadablePictureException {
    try {
      return imdecode(file, flags);
    } catch (RuntimeException e) {
      throw new UnreadablePictureException(
          "not a picture: OpenCV cannot decode it: " + firstLine(e.getMessage()));
    }
  }

  private static byte[] encode(Picture picture, String extension, int... parameters) {
    byte[] bgr = swapRedAndBlue(picture.rgb());
    try (BytePointer bytes = new BytePointer(bgr);
        Mat pixels = new Mat(picture.height(), picture.width(), CV_8UC3, bytes);
        IntPointer settings = new IntPointer(parameters);
        BytePointer file = new BytePointer()) {
      if (!imencode(extension, pixels, file, settings)) {
        throw new IllegalStateException(
            "OpenCV cannot encode %d×%d pixels as %s"
                .formatted(picture.width(), picture.height(), extension));
      }
      byte[] encoded = new byte[(int) file.limit()];
      file.get(encoded);
      return encoded;
    }
  }

  private static byte[] swapRedAndBlue(byte[] rgb) {
    byte[] bgr = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    return bgr;
  }

  private static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }
}
