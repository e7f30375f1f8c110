package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.longmae.data.TestPictures;

class PictureCodecTest {
  private static final byte[] JPEG = TestPictures.jpeg(1);

  @Test
  void pngKeepsEveryByte() throws UnreadablePictureException {
    Picture picture = TestPictures.formula(13, 7);

    Picture decoded = PictureCodec.decode(PictureCodec.png(picture));

    assertThat(decoded.width()).isEqualTo(13);
    assertThat(decoded.height()).isEqualTo(7);
    assertThat(decoded.rgb()).isEqualTo(picture.rgb());
  }

  /** Red and blue exchanged would pass a test with grey pictures. */
  @Test
  void jpegKeepsColours() throws UnreadablePictureException {
    Picture decoded = PictureCodec.decode(PictureCodec.jpeg(plain(200, 100, 20), 95));

    assertThat(decoded.rgb()[0] & 0xff).isBetween(197, 203);
    assertThat(decoded.rgb()[1] & 0xff).isBetween(97, 103);
    assertThat(decoded.rgb()[2] & 0xff).isBetween(17, 23);
  }

  /**
   * 0.299 R + 0.587 G + 0.114 B: the plain mean, 107, or red and blue exchanged, 88, would show.
   */
  @Test
  void greyIsLuma() throws UnreadablePictureException {
    Picture orange = plain(200, 100, 20);
    Picture blue = plain(0, 0, 255);

    assertThat(grey(PictureCodec.png(orange)).pixels()).containsOnly(121);
    assertThat(grey(PictureCodec.png(blue)).pixels()).containsOnly(29);
  }

  /** Rounded to the nearest level; libpng's own conversion cuts off. */
  @Test
  void greyOfAPngIsTheLumaOfItsColours() throws UnreadablePictureException {
    Picture picture = TestPictures.formula(61, 47);
    Region all = new Region(0, 0, 61, 47);

    byte[] grey = PictureCodec.decodeRegion(PictureCodec.png(picture), 1, all, 1, 61, 47).pixels();

    assertThat(grey).hasSize(61 * 47);
    for (int i = 0; i < grey.length; i++) {
      double luma =
          0.299 * (picture.pixels()[3 * i] & 0xff)
              + 0.587 * (picture.pixels()[3 * i + 1] & 0xff)
              + 0.114 * (picture.pixels()[3 * i + 2] & 0xff);
      // Half a level, and what the weights' 16 bits are off by.
      assertThat((double) (grey[i] & 0xff)).isCloseTo(luma, within(0.503));
    }
  }

  /** A picture without colours is left as it is by either number of channels. */
  @Test
  void greyOfAGreyJpegIsWhatItStores() throws UnreadablePictureException {
    byte[] jpeg = PictureCodec.jpeg(plain(77, 77, 77), 95);

    assertThat(grey(jpeg).rgb()).isEqualTo(PictureCodec.decode(jpeg).rgb());
  }

  @Test
  void greyLevelsAreRepeatedInRgb() {
    Picture grey = new Picture(2, 1, 1, new byte[] {7, (byte) 200});

    assertThat(grey.rgb()).isEqualTo(new byte[] {7, 7, 7, (byte) 200, (byte) 200, (byte) 200});
    assertThatThrownBy(() -> new Picture(2, 1, 2, new byte[4]))
        .hasMessage("a picture must have 1 or 3 channels but had 2");
  }

  private static Picture grey(byte[] encoded) throws UnreadablePictureException {
    return PictureCodec.decodeRegion(encoded, 1, new Region(0, 0, 16, 16), 1, 16, 16);
  }

  private static Picture plain(int red, int green, int blue) {
    byte[] rgb = new byte[3 * 16 * 16];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new Picture(16, 16, rgb);
  }

  @Test
  void exifOrientationTurnsThePicture() throws UnreadablePictureException {
    byte[] upright = PictureCodec.jpeg(TestPictures.gradient(32, 16, 1), 95);

    Picture turned = PictureCodec.decode(withSegment(upright, exif(6)));

    assertThat(turned.width()).isEqualTo(16);
    assertThat(turned.height()).isEqualTo(32);
    // Red grows to the right; turned clockwise it grows downwards.
    assertThat(turned.rgb()[0] & 0xff).isLessThan(20);
    assertThat(turned.rgb()[3 * 16 * 31] & 0xff).isGreaterThan(230);
  }

  @Test
  void emptyFileIsNamedAsSuch() {
    assertUnreadable(new byte[0], "empty file");
  }

  @Test
  void textIsNoPicture() {
    assertUnreadable(
        "hello, world".getBytes(StandardCharsets.UTF_8),
        "not a picture: begins with \"hello, w\" (68 65 6c 6c 6f 2c 20 77)");
  }

  /** OpenCV fills what is missing with grey and reports success. */
  @Test
  void jpegThatEndsEarlyIsFoundOut() {
    for (int length : new int[] {3, 30, JPEG.length / 2, JPEG.length - 1}) {
      assertUnreadable(
          Arrays.copyOf(JPEG, length),
          "truncated JPEG: no end-of-image marker in " + length + " bytes");
    }
  }

  /** The end-of-image marker of a thumbnail in an EXIF segment is not the picture's. */
  @Test
  void endMarkerInsideASegmentDoesNotHideATruncation() throws UnreadablePictureException {
    byte[] thumbnail = {0, 0, (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9};
    byte[] whole = withSegment(JPEG, thumbnail);

    assertThat(PictureCodec.decode(whole).width()).isEqualTo(25);
    assertUnreadable(Arrays.copyOf(whole, whole.length - 40), "truncated JPEG");
  }

  @Test
  void bytesBehindTheEndAreIgnored() throws UnreadablePictureException {
    assertThat(PictureCodec.decode(Arrays.copyOf(JPEG, JPEG.length + 100)).width()).isEqualTo(25);
  }

  @Test
  void pngThatEndsEarlyIsFoundOut() {
    byte[] png = PictureCodec.png(TestPictures.formula(40, 40));

    assertUnreadable(Arrays.copyOf(png, png.length / 2), "truncated PNG");
  }

  /** Checked in the header: such a picture would take 1.2 GB. */
  @Test
  void hugePictureIsRefusedBeforeItIsDecoded() {
    byte[] png = PictureCodec.png(TestPictures.formula(4, 4));
    ByteBuffer.wrap(png).putInt(16, 20_000).putInt(20, 20_000);

    assertUnreadable(
        png, "too many pixels: a picture must have at most 100000000 but had 20000×20000");
  }

  @Test
  void damagedHeaderIsReportedByOpenCv() {
    byte[] png = PictureCodec.png(TestPictures.formula(4, 4));
    png[30] ^= 1;

    assertUnreadable(png, "not a picture: OpenCV cannot decode it");
  }

  private static void assertUnreadable(byte[] file, String reason) {
    assertThatThrownBy(() -> PictureCodec.decode(file))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessageContaining(reason);
  }

  /** A JPEG with an APP1 segment more, right behind its start. */
  private static byte[] withSegment(byte[] jpeg, byte[] content) {
    return ByteBuffer.allocate(jpeg.length + content.length + 4)
        .put(jpeg, 0, 2)
        .putShort((short) 0xffe1)
        .putShort((short) (content.length + 2))
        .put(content)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  private static byte[] exif(int orientation) {
    return ByteBuffer.allocate(32)
        .put("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }
}
