package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.longmae.conf.LimitsConfig;

/**
 * Walks the chunks of a PNG: length, name, data, checksum, from IHDR to IEND.
 *
 * <p>Two kinds of lies cost memory if they are believed. Texts and colour profiles are packed by
 * deflate, which makes 1000 bytes of one: they are unpacked here into a small buffer, as far as the
 * limit goes. And a header can promise pixels that are not there: as deflate gives at most 1032
 * bytes for one (RFC 1951: 258 bytes for 2 bits), pixel data too short for the header's size is
 * truncated, whatever it says.
 */
final class PngStructure {
  private static final int SIGNATURE = 8;
  private static final int CHUNK = 12;
  private static final int MOST_UNPACKED_A_BYTE = 1032;

  private static final int IHDR = name("IHDR");
  private static final int IDAT = name("IDAT");
  private static final int IEND = name("IEND");
  private static final int TRNS = name("tRNS");
  private static final int EXIF = name("eXIf");
  private static final int ICCP = name("iCCP");
  private static final int ZTXT = name("zTXt");
  private static final int ITXT = name("iTXt");
  private static final int PLTE = name("PLTE");

  private final byte[] file;
  private final ByteBuffer bytes;
  private final LimitsConfig limits;
  private int orientation = Exif.UPRIGHT;
  private boolean transparent;
  private long metadata;
  private long pixelData;

  private PngStructure(byte[] file, LimitsConfig limits) {
    this.file = file;
    this.limits = limits;
    bytes = ByteBuffer.wrap(file);
  }

  /**
   * Reads the header of a PNG that is whole.
   *
   * @param limits unpacking stops above that of metadata; the header then says more
   */
  static PictureHeader read(byte[] file, LimitsConfig limits) throws UnreadablePictureException {
    return new PngStructure(file, limits).read();
  }

  private PictureHeader read() throws UnreadablePictureException {
    if (file.length < SIGNATURE + CHUNK + 13 || bytes.getInt(SIGNATURE + 4) != IHDR) {
      throw truncated("no header chunk (IHDR)");
    }
    int width = bytes.getInt(16);
    int height = bytes.getInt(20);
    int bits = file[24];
    int colours = file[25];
    walk();
    if (width > 0 && height > 0 && (long) width * height <= limits.pixels()) {
      long row = ((long) width * bits * channels(colours) + 7) / 8 + 1;
      if (pixelData * MOST_UNPACKED_A_BYTE < row * height) {
        throw truncated(
            "%d bytes of pixel data cannot hold %d×%d pixels", pixelData, width, height);
      }
    }
    PictureHeader.Samples samples = PictureHeader.Samples.PLAIN;
    if (transparent || colours == 4 || colours == 6) {
      samples = PictureHeader.Samples.TRANSPARENT;
    } else if (bits > 8) {
      samples = PictureHeader.Samples.DEEP;
    }
    return new PictureHeader(
        PictureHeader.Format.PNG, width, height, orientation, samples, 1, metadata);
  }

  private void walk() throws UnreadablePictureException {
    long at = SIGNATURE;
    while (at + CHUNK <= file.length) {
      long length = Integer.toUnsignedLong(bytes.getInt((int) at));
      int name = bytes.getInt((int) at + 4);
      if (name == IEND) {
        return;
      }
      long end = at + CHUNK + length;
      if (end > file.length) {
        break;
      }
      chunk(name, (int) at + 8, (int) length);
      at = end;
    }
    throw truncated("no end chunk (IEND)");
  }

  private void chunk(int name, int from, int length) {
    if (name == IDAT) {
      pixelData += length;
    } else if (name == TRNS) {
      transparent = true;
    } else if (name != IHDR && name != PLTE) {
      metadata += length;
      if (name == EXIF) {
        orientation = Exif.orientation(file, from, from + length);
      } else if (name == ICCP || name == ZTXT || name == ITXT) {
        metadata += unpacked(from, length);
      }
    }
  }

  /** Bytes that a packed chunk unpacks to, counted up to just above the limit. */
  private long unpacked(int from, int length) {
    int packed = from;
    // Behind the keyword and its end: the method's byte, or a text in plain, which does not unpack.
    while (packed < from + length && file[packed] != 0) {
      packed++;
    }
    packed += 2;
    if (bytes.getInt(from - 4) == ITXT) {
      packed = behindLanguages(packed + 1, from + length);
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file, packed, Math.max(0, from + length - packed));
      byte[] buffer = new byte[1 << 14];
      long count = 0;
      while (!inflater.finished() && metadata + count <= limits.metadataBytes()) {
        int some = inflater.inflate(buffer);
        if (some == 0) {
          break;
        }
        count += some;
      }
      return count;
    } catch (DataFormatException e) {
      return 0; // what cannot be unpacked takes no memory; the decoder passes over it
    } finally {
      inflater.end();
    }
  }

  /** International texts have a language and a translated keyword, each ended by a zero. */
  private int behindLanguages(int from, int end) {
    int at = from;
    for (int zeros = 0; at < end && zeros < 2; at++) {
      if (file[at] == 0) {
        zeros++;
      }
    }
    return Math.min(at, end);
  }

  private static int channels(int colours) {
    return switch (colours) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  private UnreadablePictureException truncated(String what, Object... values) {
    return new UnreadablePictureException(
        "truncated PNG: " + what.formatted(values) + " in " + file.length + " bytes");
  }

  private static int name(String letters) {
    return letters.charAt(0) << 24
        | letters.charAt(1) << 16
        | letters.charAt(2) << 8
        | letters.charAt(3);
  }
}
