package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.longmae.data.image.PictureHeader.Format;
import org.longmae.data.image.PictureHeader.Samples;

/** Reads the chunks of a WebP: RIFF, its length, then name, length and data of each. */
final class WebpStructure {
  private static final int FIRST_CHUNK = 12;
  private static final int VP8 = name("VP8 ");
  private static final int VP8L = name("VP8L");
  private static final int VP8X = name("VP8X");
  private static final int EXIF = name("EXIF");
  private static final int ICCP = name("ICCP");
  private static final int XMP = name("XMP ");
  private static final int ANIMATED = 2;
  private static final int TRANSPARENT = 16;

  private WebpStructure() {}

  /** Reads the header of a WebP that is whole. */
  static PictureHeader read(byte[] file) throws UnreadablePictureException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long expected = file.length < 12 ? 30 : Integer.toUnsignedLong(bytes.getInt(4)) + 8;
    if (file.length < expected || file.length < 30) {
      throw new UnreadablePictureException(
          "truncated WebP: should have %d bytes but had %d".formatted(expected, file.length));
    }
    int kind = bytes.getInt(FIRST_CHUNK);
    // The three kinds of WebP keep their size in three ways: lossy, lossless, extended.
    if (kind == VP8) {
      return PictureHeader.plain(
          Format.WEBP, bytes.getShort(26) & 0x3fff, bytes.getShort(28) & 0x3fff);
    }
    if (kind == VP8L) {
      int sizes = bytes.getInt(21);
      boolean transparent = (sizes >>> 28 & 1) != 0;
      return header(
          (sizes & 0x3fff) + 1, (sizes >>> 14 & 0x3fff) + 1, Exif.UPRIGHT, transparent, 0);
    }
    if (kind != VP8X) {
      throw new UnreadablePictureException("not a picture: a WebP without VP8, VP8L or VP8X");
    }
    int flags = bytes.getInt(20);
    if ((flags & ANIMATED) != 0) {
      throw new UnreadablePictureException("not a picture: an animated WebP");
    }
    return extended(file, bytes, (flags & TRANSPARENT) != 0, expected);
  }

  private static PictureHeader extended(
      byte[] file, ByteBuffer bytes, boolean transparent, long end) {
    int orientation = Exif.UPRIGHT;
    long metadata = 0;
    long at = FIRST_CHUNK;
    while (at + 8 <= end) {
      int name = bytes.getInt((int) at);
      long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      if (name == EXIF || name == ICCP || name == XMP) {
        metadata += length;
      }
      if (name == EXIF && at + 8 + length <= end) {
        orientation =
            Exif.orientation(file, exifStart(file, (int) at + 8), (int) (at + 8 + length));
      }
      at += 8 + length + (length & 1);
    }
    return header(
        (bytes.getInt(24) & 0xffffff) + 1,
        (bytes.getInt(26) >>> 8) + 1,
        orientation,
        transparent,
        metadata);
  }

  /** Some writers put JPEG's six bytes before the TIFF header. */
  private static int exifStart(byte[] file, int from) {
    return from + 6 <= file.length && file[from] == 'E' && file[from + 1] == 'x' ? from + 6 : from;
  }

  private static PictureHeader header(
      int width, int height, int orientation, boolean transparent, long metadata) {
    Samples samples = transparent ? Samples.TRANSPARENT : Samples.PLAIN;
    return new PictureHeader(Format.WEBP, width, height, orientation, samples, 1, metadata);
  }

  private static int name(String letters) {
    return letters.charAt(3) << 24
        | letters.charAt(2) << 16
        | letters.charAt(1) << 8
        | letters.charAt(0);
  }
}
