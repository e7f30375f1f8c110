package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes odd JPEG files. */
public final class Jpegs {
  private Jpegs() {}

  /** A JPEG with an APP1 segment more, right behind its start. */
  public static byte[] withSegment(byte[] jpeg, byte[] content) {
    return ByteBuffer.allocate(jpeg.length + content.length + 4)
        .put(jpeg, 0, 2)
        .putShort((short) 0xffe1)
        .putShort((short) (content.length + 2))
        .put(content)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** What an EXIF segment holds. */
  public static byte[] exif(int orientation) {
    byte[] tiff = tiff(orientation);
    return ByteBuffer.allocate(6 + tiff.length)
        .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
        .put(tiff)
        .array();
  }

  /** A directory with orientation alone. */
  public static byte[] tiff(int orientation) {
    return ByteBuffer.allocate(26)
        .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }
}
