package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What a file says about itself before its pixels: its format, by its first bytes and never by its
 * name, and its size.
 *
 * @param width pixels a row as stored, before any EXIF turn
 * @param height rows as stored
 */
record PictureHeader(Format format, int width, int height) {
  /** The formats that are decoded. */
  enum Format {
    JPEG,
    PNG,
    BMP,
    WEBP
  }

  /**
   * Reads a header and checks that the file is whole as far as its structure tells.
   *
   * @throws UnreadablePictureException if the bytes are of no known format, end early or give no
   *     size
   */
  static PictureHeader read(byte[] file) throws UnreadablePictureException {
    if (file.length == 0) {
      throw new UnreadablePictureException("empty file");
    }
    PictureHeader header;
    if (startsWith(file, 0, "\u00ff\u00d8")) {
      header = JpegStructure.read(file);
    } else if (startsWith(file, 0, "\u0089PNG\r\n\u001a\n")) {
      header = png(file);
    } else if (startsWith(file, 0, "BM") && file.length >= 26) {
      header = bmp(file);
    } else if (startsWith(file, 0, "RIFF") && startsWith(file, 8, "WEBP")) {
      header = webp(file);
    } else {
      throw new UnreadablePictureException(
          "not a picture: begins with " + describe(file) + "; known are JPEG, PNG, BMP and WebP");
    }
    if (header.width < 1 || header.height < 1) {
      throw new UnreadablePictureException(
          "not a picture: its %s header says %d×%d pixels"
              .formatted(header.format, header.width, header.height));
    }
    return header;
  }

  /** Pixels in all, without overflow. */
  long pixels() {
    return (long) width * height;
  }

  /** Chunks are length, name, data and checksum; a whole file ends with the chunk IEND. */
  private static PictureHeader png(byte[] file) throws UnreadablePictureException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    long at = 8;
    while (at + 12 <= file.length) {
      long length = Integer.toUnsignedLong(bytes.getInt((int) at));
      if (startsWith(file, (int) at + 4, "IEND")) {
        return new PictureHeader(Format.PNG, bytes.getInt(16), bytes.getInt(20));
      }
      at += 12 + length;
    }
    throw new UnreadablePictureException(
        "truncated PNG: no end chunk (IEND) in " + file.length + " bytes");
  }

  private static PictureHeader bmp(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean os2 = bytes.getInt(14) == 12;
    return os2
        ? new PictureHeader(
            Format.BMP,
            Short.toUnsignedInt(bytes.getShort(18)),
            Short.toUnsignedInt(bytes.getShort(20)))
        // A negative height means rows from the top.
        : new PictureHeader(Format.BMP, bytes.getInt(18), Math.abs(bytes.getInt(22)));
  }

  /** The three kinds of WebP keep their size in three ways: lossy, lossless, extended. */
  private static PictureHeader webp(byte[] file) throws UnreadablePictureException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long expected = Integer.toUnsignedLong(bytes.getInt(4)) + 8;
    if (file.length < expected || file.length < 30) {
      throw new UnreadablePictureException(
          "truncated WebP: should have %d bytes but had %d".formatted(expected, file.length));
    }
    if (startsWith(file, 12, "VP8 ")) {
      return new PictureHeader(
          Format.WEBP, bytes.getShort(26) & 0x3fff, bytes.getShort(28) & 0x3fff);
    }
    if (startsWith(file, 12, "VP8L")) {
      int sizes = bytes.getInt(21);
      return new PictureHeader(Format.WEBP, (sizes & 0x3fff) + 1, (sizes >>> 14 & 0x3fff) + 1);
    }
    return new PictureHeader(
        Format.WEBP, (bytes.getInt(24) & 0xffffff) + 1, (bytes.getInt(26) >>> 8) + 1);
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
