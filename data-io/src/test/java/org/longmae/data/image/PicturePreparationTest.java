package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.DataConfig;
import org.longmae.data.TestPictures;
import org.longmae.data.TestShards;

class PicturePreparationTest {
  private static final byte[] JPEG = TestPictures.jpeg(1);

  /** Every pixel of every turn, of a picture without symmetry, against its definition. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void exifTurnsEveryPixel(int orientation) throws UnreadablePictureException {
    Picture stored = TestPictures.formula(7, 4);
    byte[] png = Pngs.withChunk(PictureCodec.png(stored), "eXIf", Jpegs.tiff(orientation));

    PreparedPicture prepared = prepare(png);

    assertThat(prepared.encodedAgain()).isEqualTo(orientation != 1);
    assertThat(prepared.width()).isEqualTo(orientation > 4 ? 4 : 7);
    assertThat(prepared.height()).isEqualTo(orientation > 4 ? 7 : 4);
    Picture upright = PictureCodec.decode(prepared.bytes());
    for (int y = 0; y < upright.height(); y++) {
      for (int x = 0; x < upright.width(); x++) {
        int[] from = stored(orientation, x, y, 7, 4);
        assertThat(pixel(upright, x, y)).isEqualTo(pixel(stored, from[0], from[1]));
      }
    }
  }

  /** The EXIF specification's table: where the pixel at (x, y) upright is stored. */
  private static int[] stored(int orientation, int x, int y, int width, int height) {
    return switch (orientation) {
      case 1 -> new int[] {x, y};
      case 2 -> new int[] {width - 1 - x, y};
      case 3 -> new int[] {width - 1 - x, height - 1 - y};
      case 4 -> new int[] {x, height - 1 - y};
      case 5 -> new int[] {y, x};
      case 6 -> new int[] {y, height - 1 - x};
      case 7 -> new int[] {width - 1 - y, height - 1 - x};
      default -> new int[] {width - 1 - y, x};
    };
  }

  /** WebP keeps EXIF in a chunk; what our header reads and what OpenCV does must agree. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void exifTurnsWebp(int orientation) throws UnreadablePictureException {
    Picture stored = TestPictures.formula(7, 4);

    PreparedPicture prepared = prepare(webp(stored, Jpegs.tiff(orientation)));

    Picture upright = PictureCodec.decode(prepared.bytes());
    assertThat(upright.width()).isEqualTo(prepared.width()).isEqualTo(orientation > 4 ? 4 : 7);
    for (int y = 0; y < upright.height(); y++) {
      for (int x = 0; x < upright.width(); x++) {
        int[] from = stored(orientation, x, y, 7, 4);
        assertThat(pixel(upright, x, y)).isEqualTo(pixel(stored, from[0], from[1]));
      }
    }
  }

  /** A lossless WebP in its extended form: sizes less one, the pixels' chunk, EXIF. */
  private static byte[] webp(Picture picture, byte[] exif) {
    byte[] simple;
    try (Mat rgb =
            new Mat(picture.height(), picture.width(), CV_8UC3, new BytePointer(picture.rgb()));
        Mat bgr = new Mat();
        BytePointer file = new BytePointer();
        IntPointer lossless = new IntPointer(IMWRITE_WEBP_QUALITY, 101)) {
      cvtColor(rgb, bgr, COLOR_RGB2BGR);
      assertThat(imencode(".webp", bgr, file, lossless)).isTrue();
      simple = new byte[(int) file.limit()];
      file.get(simple);
    }
    int pixels = simple.length - 12;
    ByteBuffer extended = ByteBuffer.allocate(12 + 18 + pixels + 8 + exif.length);
    extended.order(ByteOrder.LITTLE_ENDIAN);
    extended.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(extended.capacity() - 8);
    extended.put("WEBPVP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10).putInt(8);
    extended.put((byte) (picture.width() - 1)).put((byte) 0).put((byte) 0);
    extended.put((byte) (picture.height() - 1)).put((byte) 0).put((byte) 0);
    extended.put(simple, 12, pixels);
    extended.put("EXIF".getBytes(StandardCharsets.ISO_8859_1)).putInt(exif.length).put(exif);
    return extended.array();
  }

  /** JPEG's own place for EXIF, and the loss of one more encoding. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void turnedJpegsAreEncodedUpright(int orientation) throws UnreadablePictureException {
    Picture soft = TestPictures.gradient(64, 32, 3);
    byte[] file = Jpegs.withSegment(PictureCodec.jpeg(soft, 95), Jpegs.exif(orientation));

    PreparedPicture prepared = prepare(file);

    assertThat(prepared.encodedAgain()).isTrue();
    assertThat(PictureCodec.isJpeg(prepared.bytes())).isTrue();
    Picture upright = PictureCodec.decode(prepared.bytes());
    assertThat(upright.width()).isEqualTo(prepared.width()).isEqualTo(orientation > 4 ? 32 : 64);
    for (int y = 2; y < upright.height() - 2; y++) {
      for (int x = 2; x < upright.width() - 2; x++) {
        int[] from = stored(orientation, x, y, 64, 32);
        for (int c = 0; c < 3; c++) {
          assertThat(Math.abs(pixel(upright, x, y)[c] - pixel(soft, from[0], from[1])[c]))
              .isLessThan(12);
        }
      }
    }
    assertThat(prepare(prepared.bytes()).encodedAgain()).as("prepared once is enough").isFalse();
  }

  @Test
  void whatNeedsNothingKeepsItsBytes() throws UnreadablePictureException, IOException {
    byte[] png = PictureCodec.png(TestPictures.formula(9, 5));
    BufferedImage grey = new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage palette = new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_INDEXED);
    for (byte[] file :
        new byte[][] {
          JPEG,
          png,
          encoded(grey, "png"),
          encoded(grey, "jpg"),
          encoded(palette, "png"),
          encoded(grey, "bmp")
        }) {
      PreparedPicture prepared = prepare(file);

      assertThat(prepared.bytes()).isSameAs(file);
      assertThat(prepared.encodedAgain()).isFalse();
    }
  }

  /** Other readers make other bytes of these, so that a set would mean several things. */
  @Test
  void deepAndTransparentPicturesBecomePlainPng() throws UnreadablePictureException, IOException {
    BufferedImage deep = new BufferedImage(9, 5, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(3, 2, 0, 0xabcd);
    BufferedImage transparent = new BufferedImage(9, 5, BufferedImage.TYPE_INT_ARGB);
    transparent.setRGB(3, 2, 0x80abcdef);

    PreparedPicture plainDeep = prepare(encoded(deep, "png"));
    PreparedPicture plainTransparent = prepare(encoded(transparent, "png"));

    assertThat(pixel(PictureCodec.decode(plainDeep.bytes()), 3, 2)).containsOnly(0xab);
    assertThat(pixel(PictureCodec.decode(plainTransparent.bytes()), 3, 2))
        .containsExactly(0xab, 0xcd, 0xef);
    for (PreparedPicture plain : new PreparedPicture[] {plainDeep, plainTransparent}) {
      assertThat(plain.encodedAgain()).isTrue();
      assertThat(ImageIO.read(new java.io.ByteArrayInputStream(plain.bytes())).getType())
          .isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "none, 40, 300, 200, 300, 200",
    "longest, 100, 300, 200, 100, 67",
    "longest, 100, 20, 100, 20, 100",
    "shortest, 100, 300, 200, 150, 100",
    "shortest, 16, 2000, 20, 1600, 16",
    "longest, 16, 2000, 20, 16, 1"
  })
  void largePicturesAreShrunk(
      String shrink, int to, int width, int height, int expectedWidth, int expectedHeight)
      throws UnreadablePictureException {
    byte[] png = PictureCodec.png(TestPictures.gradient(width, height, 2));

    PreparedPicture prepared =
        prepare(png, "data.prepare.shrink=" + shrink, "data.prepare.shrink-to=" + to);

    assertThat(prepared.encodedAgain()).isEqualTo(width != expectedWidth);
    Picture decoded = PictureCodec.decode(prepared.bytes());
    assertThat(decoded.width()).isEqualTo(prepared.width()).isEqualTo(expectedWidth);
    assertThat(decoded.height()).isEqualTo(prepared.height()).isEqualTo(expectedHeight);
    assertThat(prepared.sourceWidth()).isEqualTo(width);
  }

  /** A chequered board of single pixels is grey from afar; skipping pixels would leave stripes. */
  @Test
  void shrinkingIsAntialiased() throws UnreadablePictureException {
    byte[] rgb = new byte[3 * 512 * 512];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((i / 3 + i / 3 / 512) % 2 * 255);
    }
    byte[] png = PictureCodec.png(new Picture(512, 512, rgb));

    byte[] small =
        prepare(png, "data.prepare.shrink=longest", "data.prepare.shrink-to=101").bytes();

    for (byte level : PictureCodec.decode(small).rgb()) {
      assertThat(level & 0xff).isBetween(118, 138);
    }
  }

  /** One odd file among millions must not end the job: any other exception would. */
  @Test
  void changedBytesNeverDoMoreThanMakeAPictureUnreadable() {
    byte[][] files = {
      Jpegs.withSegment(JPEG, Jpegs.exif(6)),
      Pngs.withChunk(PictureCodec.png(TestPictures.formula(9, 5)), "eXIf", Jpegs.tiff(5)),
      Pngs.withChunk(PictureCodec.png(TestPictures.formula(9, 5)), "iTXt", new byte[9]),
      webp(TestPictures.formula(9, 5), Jpegs.tiff(8))
    };
    PicturePreparation preparation =
        preparation("data.prepare.shrink=longest", "data.prepare.shrink-to=16");
    SplittableRandom random = new SplittableRandom(3);
    int readable = 0;
    for (int i = 0; i < 4000; i++) {
      byte[] file = files[i % files.length].clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        // Mostly in the headers, which we read by ourselves.
        int at = random.nextInt(random.nextInt(1, file.length + 1));
        file[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
      }
      if (random.nextInt(4) == 0) {
        file = Arrays.copyOf(file, random.nextInt(file.length));
      }
      try {
        PreparedPicture prepared = preparation.prepare(file);
        Picture decoded = PictureCodec.decode(prepared.bytes());
        assertThat(decoded.width()).isEqualTo(prepared.width());
        assertThat(decoded.height()).isEqualTo(prepared.height());
        readable++;
      } catch (UnreadablePictureException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(readable).isBetween(100, 3000);
  }

  @Test
  void qualityDecidesTheSize() throws UnreadablePictureException {
    byte[] png = PictureCodec.png(TestPictures.formula(200, 200));
    String[] shrink = {"data.prepare.shrink=longest", "data.prepare.shrink-to=150", ""};

    int[] lengths = new int[2];
    for (int i = 0; i < 2; i++) {
      shrink[2] = "data.prepare.quality=" + (i == 0 ? 50 : 95);
      lengths[i] = prepare(png, shrink).bytes().length;
    }

    assertThat(lengths[0]).isLessThan(lengths[1] / 2);
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
    byte[] whole = Jpegs.withSegment(JPEG, thumbnail);

    assertThat(prepare(whole).width()).isEqualTo(25);
    assertUnreadable(Arrays.copyOf(whole, whole.length - 40), "truncated JPEG");
  }

  @Test
  void bytesBehindTheEndAreIgnored() throws UnreadablePictureException {
    assertThat(prepare(Arrays.copyOf(JPEG, JPEG.length + 100)).width()).isEqualTo(25);
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
        png,
        "too many pixels: a picture must have at most 100000000 (data.limits.megapixels) but its"
            + " PNG header says 20000×20000");
  }

  @Test
  void damagedHeaderIsReportedByOpenCv() {
    byte[] png = PictureCodec.png(TestPictures.formula(4, 4));
    png[30] ^= 1;

    assertUnreadable(png, "not a picture: OpenCV cannot decode it");
  }

  private static void assertUnreadable(byte[] file, String reason) {
    assertThatThrownBy(() -> prepare(file))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessageContaining(reason);
  }

  private static PreparedPicture prepare(byte[] file, String... settings)
      throws UnreadablePictureException {
    return preparation(settings).prepare(file);
  }

  private static PicturePreparation preparation(String... settings) {
    DataConfig config = TestShards.data(settings);
    return new PicturePreparation(config.prepare(), config.limits());
  }

  private static byte[] encoded(BufferedImage picture, String format) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture, format, file)).isTrue();
    return file.toByteArray();
  }

  private static int[] pixel(Picture picture, int x, int y) {
    int at = 3 * (y * picture.width() + x);
    byte[] rgb = picture.rgb();
    return new int[] {rgb[at] & 0xff, rgb[at + 1] & 0xff, rgb[at + 2] & 0xff};
  }
}
