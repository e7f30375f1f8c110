package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.longmae.conf.LimitsConfig;

/**
 * What a file says about itself before its pixels are decoded: its format, by its first bytes and
 * never by its name, its size, and what its pixels are.
 *
 * @param width pixels a row as stored, before any EXIF turn
 * @param height rows as stored
 * @param orientation how EXIF says to turn it, {@link Exif#orientation}
 * @param samples what a pixel is made of
 * @param scans passes over the pixels; 1 but for progressive JPEG
 * @param metadataBytes of profiles, EXIF, thumbnails and texts, unpacked
 */
record PictureHeader(
    Format format,
    int width,
    int height,
    int orientation,
    Samples samples,
    int scans,
    long metadataBytes) {
  /** The formats that are decoded. */
  enum Format {
    JPEG,
    PNG,
    BMP,
    WEBP
  }

  /** What a pixel is made of. */
  enum Samples {
    /** Grey or three colours of at most 8 bits: what every decoder gives the same bytes for. */
    PLAIN,
    /** Four inks, CMYK or YCCK. */
    INKS,
    /** More than 8 bits a sample. */
    DEEP,
    /** With transparency. */
    TRANSPARENT
  }

  /** A header that says no more than format and size. */
  static PictureHeader plain(Format format, int width, int height) {
    return new PictureHeader(format, width, height, Exif.UPRIGHT, Samples.PLAIN, 1, 0);
  }

  /**
   * Reads a header, checks that the file is whole as far as its structure tells, and that the
   * picture is within limits. Allocates next to nothing, whatever the header says.
   *
   * @throws UnreadablePictureException if the bytes are of no known format, end early, give no size
   *     or are above a limit
   */
  static PictureHeader read(byte[] file, LimitsConfig limits) throws UnreadablePictureException {
    PictureHeader header = parse(file, limits);
    String format = header.format + " header";
    if (header.width < 1 || header.height < 1) {
      throw new UnreadablePictureException(
          "not a picture: its %s says %d×%d pixels".formatted(format, header.width, header.height));
    }
    if (header.pixels() > limits.pixels()) {
      throw new UnreadablePictureException(
          "too many pixels: a picture must have at most %d (data.limits.megapixels) but its %s says"
                  .formatted(limits.pixels(), format)
              + " %d×%d".formatted(header.width, header.height));
    }
    if (header.scans > limits.scans()) {
      throw new UnreadablePictureException(
          "too many scans: a JPEG must have at most %d (data.limits.scans) but had %d"
              .formatted(limits.scans(), header.scans));
    }
    if (header.metadataBytes > limits.metadataBytes()) {
      throw new UnreadablePictureException(
          "too much metadata: a picture must have at most %d bytes (data.limits.metadata-mib) but"
                  .formatted(limits.metadataBytes())
              + " had more than %d".formatted(header.metadataBytes - 1));
    }
    return header;
  }

  /** Pixels in all, without overflow. */
  long pixels() {
    return (long) width * height;
  }

  /** Pixels a row once upright. */
  int uprightWidth() {
    return orientation > 4 ? height : width;
  }

  /** Rows once upright. */
  int uprightHeight() {
    return orientation > 4 ? width : height;
  }

  private static PictureHeader parse(byte[] file, LimitsConfig limits)
      throws UnreadablePictureException {
    if (file.length == 0) {
      throw new UnreadablePictureException("empty file");
    }
    if (startsWith(file, 0, "\u00ff\u00d8")) {
      return JpegStructure.read(file);
    } else if (startsWith(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return PngStructure.read(file, limits);
    } else if (startsWith(file, 0, "BM") && file.length >= 30) {
      return bmp(file);
    } else if (startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP")) {
      return WebpStructure.read(file);
    }
    throw new UnreadablePictureException(
        "not a picture: begins with " + describe(file) + "; known are JPEG, PNG, BMP and WebP");
  }

  private static PictureHeader bmp(byte[] file) throws UnreadablePictureException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean os2 = bytes.getInt(14) == 12;
    int width = os2 ? Short.toUnsignedInt(bytes.getShort(18)) : bytes.getInt(18);
    // A negative height means rows from the top.
    int height = os2 ? Short.toUnsignedInt(bytes.getShort(20)) : Math.abs(bytes.getInt(22));
    int bits = Short.toUnsignedInt(bytes.getShort(os2 ? 24 : 28));
    boolean packed = !os2 && file.length >= 34 && bytes.getInt(30) != 0 && bits <= 8;
    long rows = Integer.toUnsignedLong(bytes.getInt(10));
    long needed = rows + ((long) width * bits + 31) / 32 * 4 * height;
    if (!packed && width > 0 && height > 0 && file.length < needed) {
      throw new UnreadablePictureException(
          "truncated BMP: should have %d bytes but had %d".formatted(needed, file.length));
    }
    return plain(Format.BMP, width, height);
  }

  private static boolean startsWith(byte[] file, int from, String latin1) {
    byte[] start = latin1.getBytes(StandardCharsets.ISO_8859_1);
    if (file.length < from + start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (file[from + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static String describe(byte[] file) {
    int shown = Math.min(file.length, 8);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      text.append(file[i] >= 0x20 && file[i] < 0x7f ? (char) file[i] : '.');
    }
    return "\"%s\" (%s)".formatted(text, HexFormat.ofDelimiter(" ").formatHex(file, 0, shown));
  }
}
