package org.longmae.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Walks the segments of a JPEG from its start to its end-of-image marker.
 *
 * <p>OpenCV decodes a JPEG that ends early: libjpeg warns on standard error, fills the missing rows
 * with grey and reports success, so that decoding alone does not find a torn download. What a torn
 * file lacks is the end-of-image marker (FF D9). It must be looked for at the level of the
 * segments, not in the last two bytes: the marker also ends thumbnails inside EXIF segments, and
 * whole files may carry bytes behind it. A file whose data was lost but whose marker is there
 * passes here; {@link JpegVerifier} reads the data.
 */
final class JpegStructure {
  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int APP1 = 0xe1;
  private static final int COMMENT = 0xfe;
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  private final byte[] file;
  private int at = 2;
  private int width;
  private int height;
  private int components;
  private int orientation = Exif.UPRIGHT;
  private int scans;
  private int exifs;
  private long metadata;

  private JpegStructure(byte[] file) {
    this.file = file;
  }

  /**
   * Reads the header of a JPEG that is whole and of a kind that decoders know.
   *
   * @throws UnreadablePictureException if it ends early or is of another kind
   */
  static PictureHeader read(byte[] file) throws UnreadablePictureException {
    JpegStructure walk = new JpegStructure(file);
    walk.run();
    if (walk.components == 0) {
      throw new UnreadablePictureException("broken JPEG: no frame header (SOF)");
    }
    PictureHeader.Samples samples =
        walk.components == 4 ? PictureHeader.Samples.INKS : PictureHeader.Samples.PLAIN;
    return new PictureHeader(
        PictureHeader.Format.JPEG,
        walk.width,
        walk.height,
        walk.orientation,
        samples,
        walk.scans,
        walk.metadata);
  }

  private void run() throws UnreadablePictureException {
    for (int marker = marker(); marker != END_OF_IMAGE; marker = marker()) {
      if (standsAlone(marker)) {
        continue;
      }
      int segment = at;
      need(segment + 2);
      at += Math.max(2, unsigned16(segment));
      need(at);
      if (isFrame(marker) && at - segment >= 8) {
        frame(marker, segment);
      } else if (marker == START_OF_SCAN) {
        if (components == 0) {
          throw new UnreadablePictureException(
              "broken JPEG: no frame header (SOF) before coded data");
        }
        scans++;
        skipScan();
      } else if (marker >= 0xe0 && marker <= 0xef || marker == COMMENT) {
        metadata += at - segment;
        if (marker == APP1) {
          exif(segment + 2);
        }
      }
    }
  }

  private void frame(int marker, int segment) throws UnreadablePictureException {
    int bits = file[segment + 2];
    // 0: baseline, 1: extended, 2: progressive; 9 and 10: the last two by arithmetic coding.
    int process = marker - 0xc0;
    if (bits != 8 || process > 2 && process != 9 && process != 10) {
      throw new UnreadablePictureException(
          "unsupported JPEG: must be baseline or progressive of 8 bits but was process %d of %d"
              .formatted(process, bits));
    }
    height = unsigned16(segment + 3);
    width = unsigned16(segment + 5);
    components = file[segment + 7];
  }

  private void exif(int from) {
    byte[] start = {'E', 'x', 'i', 'f'};
    int tiff = from + 6;
    if (at >= tiff && Arrays.equals(file, from, from + start.length, start, 0, start.length)) {
      // Of two, decoders may choose either.
      orientation = exifs++ == 0 ? Exif.orientation(file, tiff, at) : Exif.UNCLEAR;
    }
  }

  /**
   * Moves behind the next marker; bytes that belong to nothing are passed over, as libjpeg does.
   */
  private int marker() throws UnreadablePictureException {
    while (true) {
      need(at + 2);
      if (file[at] == (byte) 0xff && file[at + 1] != (byte) 0xff && file[at + 1] != 0) {
        at += 2;
        return file[at - 1] & 0xff;
      }
      at++;
    }
  }

  /**
   * In coded data FF is followed by 00 or is a restart marker (D0…D7); any other marker ends it.
   */
  private void skipScan() throws UnreadablePictureException {
    while (true) {
      at = nextFf(file, at);
      need(at + 2);
      int next = file[at + 1] & 0xff;
      if (next != 0 && next != 0xff && (next & 0xf8) != 0xd0) {
        return;
      }
      at++;
    }
  }

  /**
   * The first FF from a place on, or the file's length; coded data is most of a file, so eight
   * bytes are looked at together. Of the complement's bytes one is zero where a byte is FF.
   */
  static int nextFf(byte[] file, int from) {
    int place = from;
    while (place <= file.length - Long.BYTES) {
      long complement = ~(long) EIGHT_BYTES.get(file, place);
      long zeros = (complement - ONES) & ~complement & TOPS;
      if (zeros != 0) {
        return place + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
      place += Long.BYTES;
    }
    while (place < file.length && file[place] != (byte) 0xff) {
      place++;
    }
    return place;
  }

  private static boolean standsAlone(int marker) {
    return marker == 0x01 || marker >= 0xd0 && marker <= 0xd8;
  }

  /** Markers C0…CF start a frame, but for tables (C4), extensions (C8) and conditioning (CC). */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private int unsigned16(int from) {
    return (file[from] & 0xff) << 8 | file[from + 1] & 0xff;
  }

  private void need(int end) throws UnreadablePictureException {
    if (end > file.length) {
      throw new UnreadablePictureException(
          "truncated JPEG: no end-of-image marker in " + file.length + " bytes");
    }
  }
}
