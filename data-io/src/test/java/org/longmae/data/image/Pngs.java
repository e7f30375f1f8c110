package org.longmae.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Makes odd PNG files. */
public final class Pngs {
  /** Signature and IHDR. */
  private static final int HEAD = 8 + 25;

  private Pngs() {}

  /** A PNG with a chunk more, right behind its header. */
  public static byte[] withChunk(byte[] png, String name, byte[] data) {
    return ByteBuffer.allocate(png.length + data.length + 12)
        .put(png, 0, HEAD)
        .put(chunk(name, data))
        .put(png, HEAD, png.length - HEAD)
        .array();
  }

  /** A chunk with its length and checksum. */
  public static byte[] chunk(String name, byte[] data) {
    byte[] letters = name.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(letters);
    crc.update(data);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(letters)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }
}
