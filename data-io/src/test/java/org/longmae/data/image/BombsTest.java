package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.longmae.conf.DataConfig;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;

/**
 * Small files that would take much memory or time if they were decoded. The bounds are generous for
 * the machine that runs the tests; what would happen without the limits is gigabytes or minutes.
 */
class BombsTest {
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_NANOS = 1_000_000_000L;
  private static final byte[] JPEG = TestPictures.jpeg(1);
  private static final byte[] PNG = PictureCodec.png(TestPictures.formula(8, 8));

  /** Libraries are loaded once, which is not the bombs' doing. */
  @BeforeAll
  static void warm() throws UnreadablePictureException {
    prepare(JPEG);
    prepare(PNG);
  }

  @Test
  void headersOfFiftyThousandSquared() {
    byte[] png = PNG.clone();
    ByteBuffer.wrap(png).putInt(16, 50_000).putInt(20, 50_000);
    assertRefused(png, "its PNG header says 50000×50000");

    byte[] jpeg = JPEG.clone();
    int frame = marker(jpeg, 0xc0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 50_000).putShort(frame + 7, (short) 50_000);
    assertRefused(jpeg, "its JPEG header says 50000×50000");

    byte[] bmp = new byte[100];
    ByteBuffer.wrap(bmp)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'B')
        .put((byte) 'M')
        .putInt(10, 54)
        .putInt(14, 40)
        .putInt(18, 50_000)
        .putInt(22, -50_000)
        .putShort(28, (short) 8)
        .putInt(30, 1);
    assertRefused(bmp, "its BMP header says 50000×50000");

    byte[] webp = new byte[40];
    ByteBuffer.wrap(webp)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(32)
        .put("WEBPVP8X".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(10)
        .putInt(0)
        .put((byte) 0x4f)
        .put((byte) 0xc3)
        .put((byte) 0)
        .put((byte) 0x4f)
        .put((byte) 0xc3);
    assertRefused(webp, "its WEBP header says 50000×50000");
  }

  /** A gibibyte of zeros is a megabyte of deflate. */
  @Test
  void pngOfAGibibyte() {
    byte[] zeros = deflated(1L << 30);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(32_768).putInt(32_768);
    header.put((byte) 8).put((byte) 0);
    assertRefused(png(header.array(), "IDAT", zeros), "too many pixels");

    byte[] small = PictureHeaderBytes.ofPng(8, 8);
    byte[] text =
        ByteBuffer.allocate(zeros.length + 3).put(new byte[] {'a', 0, 0}).put(zeros).array();
    for (String name : new String[] {"zTXt", "iCCP"}) {
      assertRefused(Pngs.withChunk(PNG, name, text), "too much metadata");
    }
    byte[] international =
        ByteBuffer.allocate(zeros.length + 6)
            .put(new byte[] {'a', 0, 1, 0, 0, 0})
            .put(zeros)
            .array();
    assertRefused(Pngs.withChunk(PNG, "iTXt", international), "too much metadata");
    // More pixel data than the header says is harmless: nobody unpacks it.
    assertBounded(() -> outcome(png(small, "IDAT", zeros)));
  }

  /** The header is within limits but there is nothing behind it: 270 MB if it is believed. */
  @Test
  void pixelsThatAreNotThere() {
    byte[] png = PNG.clone();
    ByteBuffer.wrap(png).putInt(16, 9_000).putInt(20, 10_000);
    assertRefused(png, "bytes of pixel data cannot hold 9000×10000 pixels");

    byte[] bmp = new byte[100];
    ByteBuffer.wrap(bmp)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'B')
        .put((byte) 'M')
        .putInt(10, 54)
        .putInt(14, 40)
        .putInt(18, 9_000)
        .putInt(22, 10_000)
        .putShort(28, (short) 24);
    assertRefused(bmp, "truncated BMP: should have 270000054 bytes");
  }

  /** Each scan of a progressive JPEG goes over all pixels, and takes ten bytes to ask for. */
  @Test
  void tenThousandScans() {
    int scan = marker(JPEG, 0xda);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(JPEG, 0, scan);
    for (int i = 0; i < 10_000; i++) {
      file.write(JPEG, scan, JPEG.length - 2 - scan);
    }
    file.write(JPEG, JPEG.length - 2, 2);

    assertRefused(file.toByteArray(), "too many scans: a JPEG must have at most 100");
  }

  @Test
  void metadataOfThirtyMegabytes() {
    byte[] segment = new byte[65_000];
    System.arraycopy("ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1), 0, segment, 0, 12);
    ByteBuffer profile = ByteBuffer.allocate(500 * (segment.length + 4));
    while (profile.hasRemaining()) {
      profile.putShort((short) 0xffe2).putShort((short) (segment.length + 2)).put(segment);
    }
    byte[] jpeg =
        ByteBuffer.allocate(JPEG.length + profile.capacity())
            .put(JPEG, 0, 2)
            .put(profile.array())
            .put(JPEG, 2, JPEG.length - 2)
            .array();
    assertRefused(jpeg, "too much metadata: a picture must have at most 16777216 bytes");

    assertRefused(Pngs.withChunk(PNG, "eXIf", new byte[30 << 20]), "too much metadata");
  }

  /** A directory that says it has 65535 entries, or begins behind its end. */
  @Test
  void brokenExifIsNoReasonToLoseAPicture() throws UnreadablePictureException {
    byte[] exif = Jpegs.exif(6);
    byte[] many = exif.clone();
    ByteBuffer.wrap(many).putShort(6 + 8, (short) 0xffff);
    byte[] far = exif.clone();
    ByteBuffer.wrap(far).putInt(6 + 4, 0xfffffff0);

    assertThat(prepare(Jpegs.withSegment(JPEG, many)).width()).isEqualTo(21);
    assertThat(prepare(Jpegs.withSegment(JPEG, far)).width()).isEqualTo(25);
    assertThat(prepare(Jpegs.withSegment(JPEG, Arrays.copyOf(exif, 9))).width()).isEqualTo(25);
  }

  private static final class PictureHeaderBytes {
    static byte[] ofPng(int width, int height) {
      ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
      return header.put((byte) 8).put((byte) 0).array();
    }
  }

  private static void assertRefused(byte[] file, String reason) {
    assertBounded(
        () ->
            assertThatThrownBy(() -> prepare(file))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining(reason));
  }

  private static void assertBounded(Runnable task) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long physical = Pointer.physicalBytes();
    long allocated = threads.getThreadAllocatedBytes(id);
    // The thread's processor time: other work on the machine does not count.
    long start = threads.getCurrentThreadCpuTime();
    task.run();
    assertThat(threads.getCurrentThreadCpuTime() - start).as("nanoseconds").isLessThan(MOST_NANOS);
    assertThat(threads.getThreadAllocatedBytes(id) - allocated).as("heap").isLessThan(MOST_BYTES);
    assertThat(Pointer.physicalBytes() - physical).as("process").isLessThan(MOST_BYTES);
  }

  private static String outcome(byte[] file) {
    try {
      return prepare(file).width() + "";
    } catch (UnreadablePictureException e) {
      return e.getMessage();
    }
  }

  private static PreparedPicture prepare(byte[] file) throws UnreadablePictureException {
    DataConfig config = TestShards.data();
    return new PicturePreparation(config.prepare(), config.limits()).prepare(file);
  }

  private static byte[] png(byte[] header, String name, byte[] data) {
    byte[] start = Arrays.copyOf(PNG, 8);
    byte[][] parts = {
      start, Pngs.chunk("IHDR", header), Pngs.chunk(name, data), Pngs.chunk("IEND", new byte[0])
    };
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      file.writeBytes(part);
    }
    return file.toByteArray();
  }

  private static byte[] deflated(long zeros) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    byte[] some = new byte[1 << 20];
    byte[] out = new byte[1 << 16];
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (long done = 0; done < zeros; done += some.length) {
      deflater.setInput(some);
      while (!deflater.needsInput()) {
        packed.write(out, 0, deflater.deflate(out));
      }
    }
    deflater.finish();
    while (!deflater.finished()) {
      packed.write(out, 0, deflater.deflate(out));
    }
    deflater.end();
    return packed.toByteArray();
  }

  private static int marker(byte[] jpeg, int code) {
    for (int i = 2; i < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) code) {
        return i;
      }
    }
    throw new AssertionError("no such marker");
  }
}
