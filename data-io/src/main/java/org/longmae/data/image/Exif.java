package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one thing that EXIF says about pixels: how a picture must be turned to stand upright.
 *
 * <p>EXIF is a TIFF file without pictures: byte order, the number 42, the offset of a directory of
 * twelve-byte entries. Orientation is entry 0x112 of the first directory.
 */
final class Exif {
  /** Orientation of a picture that is stored as it is to be seen. */
  static final int UPRIGHT = 1;

  /** Orientation of a picture whose EXIF is broken: decoders may differ about it. */
  static final int UNCLEAR = 0;

  private static final int ORIENTATION = 0x112;
  private static final int SHORT = 3;
  private static final int ENTRY = 12;

  private Exif() {}

  /**
   * Orientation 1…8; from 5 on rows are columns. {@link #UPRIGHT} if nothing is said, {@link
   * #UNCLEAR} if what is said is not as it must be.
   *
   * @param from where the TIFF header begins
   * @param to where the EXIF data ends, exclusive
   */
  static int orientation(byte[] file, int from, int to) {
    if (to - from < 8) {
      return UNCLEAR;
    }
    ByteBuffer tiff = ByteBuffer.wrap(file, from, to - from).slice();
    if (tiff.getShort(0) == 0x4949) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (tiff.getShort(0) != 0x4d4d) {
      return UNCLEAR;
    }
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (tiff.getShort(2) != 42 || directory + 2 > tiff.limit()) {
      return UNCLEAR;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY * i;
      if (entry + ENTRY > tiff.limit()) {
        return UNCLEAR;
      }
      int at = (int) entry;
      if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION) {
        int value = tiff.getShort(at + 8);
        boolean sound = tiff.getShort(at + 2) == SHORT && tiff.getInt(at + 4) == 1;
        if (!sound) {
          return UNCLEAR;
        }
        // Some write 0 for "not known"; no decoder turns by what has no meaning.
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }
}
