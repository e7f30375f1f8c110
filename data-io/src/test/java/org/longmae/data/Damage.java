package org.longmae.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.longmae.data.image.PictureCodec;

/**
 * Kinds of damage that files of a large collection have, each made from a sound JPEG. Changed bytes
 * that still are valid codes are not among them: they are not found (decision 8).
 */
public enum Damage {
  /** Nothing was written. */
  EMPTY("empty file"),
  /** A download that broke off. */
  TRUNCATED("truncated JPEG"),
  /** One that broke off before the first pixel. */
  HEADER_ALONE("truncated JPEG"),
  /** A disk's lost block inside the pixels, read back as zeros. */
  ZEROS_INSIDE("damaged JPEG"),
  /** A file that was made at its full length and never filled. */
  ZEROS("not a picture: begins with"),
  /** A server's error page under the picture's name. */
  WEB_PAGE("not a picture: begins with \"<!DOCTYP\""),
  /** Transferred as text: line ends were changed. */
  TEXT_MODE(""),
  /** The first bytes were lost. */
  BEHEADED("not a picture: begins with"),
  /** A download that broke off, began again and was appended. */
  JOINED("damaged JPEG"),
  /** The end of another file in the place of this one's. */
  OVERWRITTEN("truncated JPEG"),
  /** A size that nobody takes. */
  HUGE("too many pixels"),
  /** A PNG whose data does not match its checksum. */
  BAD_PNG("not a picture: OpenCV cannot decode it");

  private final String reason;

  Damage(String reason) {
    this.reason = reason;
  }

  /** What the reason must say. */
  public String reason() {
    return reason;
  }

  /** Damages a JPEG; which bytes, follows from the seed. */
  public byte[] of(byte[] jpeg, long seed) {
    Random random = new Random(seed);
    byte[] file = jpeg.clone();
    int scan = scan(jpeg);
    int inside = scan + (jpeg.length - scan) / 4;
    switch (this) {
      case EMPTY:
        return new byte[0];
      case TRUNCATED:
        return Arrays.copyOf(jpeg, inside + random.nextInt(jpeg.length - inside - 2));
      case HEADER_ALONE:
        return Arrays.copyOf(jpeg, 2 + random.nextInt(scan - 2));
      case ZEROS_INSIDE:
        Arrays.fill(file, inside, inside + (jpeg.length - inside) * 2 / 3, (byte) 0);
        return file;
      case ZEROS:
        return new byte[jpeg.length];
      case WEB_PAGE:
        return "<!DOCTYPE html><title>404 Not Found</title>".getBytes(StandardCharsets.UTF_8);
      case TEXT_MODE:
        return new String(jpeg, StandardCharsets.ISO_8859_1)
            .replace("\r\n", "\n")
            .replace("\n", "\r\n")
            .replace("\u00ff", "?")
            .getBytes(StandardCharsets.ISO_8859_1);
      case BEHEADED:
        return Arrays.copyOfRange(jpeg, 4 + random.nextInt(100), jpeg.length);
      case JOINED:
        byte[] joined = Arrays.copyOf(jpeg, inside + jpeg.length);
        System.arraycopy(jpeg, 0, joined, inside, jpeg.length);
        return joined;
      case OVERWRITTEN:
        for (int i = inside; i < jpeg.length; i++) {
          // FF would begin a marker.
          file[i] = (byte) random.nextInt(255);
        }
        return file;
      case HUGE:
        for (int i = 2; i < scan; i++) {
          if (file[i] == (byte) 0xff && file[i + 1] == (byte) 0xc0) {
            Arrays.fill(file, i + 5, i + 9, (byte) 0xf0);
          }
        }
        return file;
      default:
        byte[] png = PictureCodec.png(TestPictures.gradient(40, 30, (int) (seed % 8)));
        png[png.length / 2] ^= 0x55;
        return png;
    }
  }

  private static int scan(byte[] jpeg) {
    for (int i = 2; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xda) {
        return i + 14;
      }
    }
    throw new IllegalArgumentException("a JPEG must have a scan");
  }
}
