package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.data.TestPictures;

class ResampleTest {
  /** CRC-32 of what Pillow 12.3.0 gives: {@code crop((x, y, x+w, y+h)).resize(…, BICUBIC)}. */
  @ParameterizedTest
  @CsvSource({
    "53, 37, 5, 3, 41, 29, 16, 16, ae5e8c6b",
    "7, 5, 0, 0, 7, 5, 24, 24, 84ccc5fe",
    "300, 200, 10, 20, 224, 150, 32, 48, ecd67237",
    "40, 30, 4, 5, 16, 16, 16, 16, 17640c7e",
    "3, 3, 1, 2, 1, 1, 8, 8, 88bfa076",
    "90, 61, 0, 0, 90, 61, 64, 7, 0c2d17f5",
    "500, 375, 37, 11, 401, 333, 224, 224, f6129e99",
  })
  void equalsPillowToTheBit(
      int width, int height, int x, int y, int w, int h, int toWidth, int toHeight, String crc) {
    Picture resized =
        Resample.bicubic(
            TestPictures.formula(width, height), new Region(x, y, w, h), toWidth, toHeight);

    CRC32 sum = new CRC32();
    sum.update(resized.rgb());
    assertThat(Long.toHexString(sum.getValue())).isEqualTo(crc.replaceFirst("^0+", ""));
  }

  /** The same as numbers, to see what differs when the sums above do. */
  @Test
  void equalsPillowOnASmallPicture() {
    Picture resized = Resample.bicubic(TestPictures.formula(9, 7), new Region(0, 0, 9, 7), 3, 2);

    int[] values = new int[resized.rgb().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = resized.rgb()[i] & 0xff;
    }
    assertThat(values)
        .containsExactly(
            124, 125, 146, 130, 130, 99, 133, 102, 163, 145, 121, 112, 125, 116, 102, 145, 117,
            151);
  }

  @Test
  void equalsPillowWhenEnlarging() {
    Picture resized = Resample.bicubic(TestPictures.formula(4, 3), new Region(0, 0, 4, 3), 6, 5);

    int[] values = new int[resized.rgb().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = resized.rgb()[i] & 0xff;
    }
    assertThat(values)
        .containsExactly(
            0, 49, 255, 7, 66, 255, 35, 94, 240, 59, 117, 17, 87, 156, 0, 104, 183, 0, 30, 99, 255,
            46, 117, 207, 78, 148, 141, 113, 179, 107, 145, 149, 95, 162, 113, 89, 98, 157, 255,
            119, 178, 120, 152, 214, 16, 182, 255, 221, 215, 138, 255, 236, 22, 255, 168, 61, 89,
            201, 84, 124, 208, 122, 150, 114, 159, 98, 122, 137, 179, 155, 106, 255, 207, 0, 0, 247,
            15, 136, 237, 54, 253, 62, 86, 4, 52, 137, 110, 92, 171, 255);
  }

  /** The whole way from a JPEG with subsampled colours: decoder, colour conversion and resize. */
  @ParameterizedTest
  @CsvSource({"reduced, 21, 13, 280, 203", "enlarged, 75, 40, 61, 47", "small, 5, 9, 310, 226"})
  void cropOfAJpegEqualsPillowsToTheBit(String golden, int x, int y, int width, int height)
      throws IOException, UnreadablePictureException {
    Picture expected = PictureCodec.decode(resource(golden + ".png"));

    Picture actual =
        PictureCodec.decodeRegion(
            resource("waves.jpg"),
            3,
            new Region(x, y, width, height),
            1,
            expected.width(),
            expected.height());

    assertThat(actual.rgb()).isEqualTo(expected.rgb());
  }

  /**
   * A JPEG that the decoder reduces by a half, to more than four times the size that is wanted: on
   * the whole as good as Pillow's full way, at the hard edges of strong colours not to the bit.
   */
  @Test
  void cropOfAReducedJpegIsNearPillows() throws IOException, UnreadablePictureException {
    byte[] expected = PictureCodec.decode(resource("small.png")).rgb();
    byte[] actual =
        PictureCodec.decodeRegion(resource("waves.jpg"), 3, new Region(5, 9, 310, 226), 2, 24, 24)
            .rgb();

    long sum = 0;
    int most = 0;
    for (int i = 0; i < actual.length; i++) {
      int difference = Math.abs((actual[i] & 0xff) - (expected[i] & 0xff));
      sum += difference;
      most = Math.max(most, difference);
    }
    assertThat((double) sum / actual.length).isLessThan(0.5);
    assertThat(most).isBetween(1, 12);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ResampleTest.class.getResourceAsStream("/pillow/" + name)) {
      return in.readAllBytes();
    }
  }

  /** A picture reduced in the decoder has other pixels; a crop must still be of the same place. */
  @Test
  void reducedPictureGivesNearlyTheSame() throws UnreadablePictureException {
    byte[] jpeg = PictureCodec.jpeg(TestPictures.gradient(403, 301, 3), 95);
    Region region = new Region(51, 33, 201, 199);
    Picture full = Resample.bicubic(PictureCodec.decode(jpeg), region, 24, 24);

    for (int reduction : new int[] {2, 4}) {
      Picture resized = PictureCodec.decodeRegion(jpeg, 3, region, reduction, 24, 24);
      for (int i = 0; i < resized.rgb().length; i++) {
        // One column of the result is 5 grey levels: 3 is well below a shift by one column.
        assertThat(resized.rgb()[i] & 0xff)
            .isBetween((full.rgb()[i] & 0xff) - 3, (full.rgb()[i] & 0xff) + 3);
      }
    }
  }

  /** Each channel is resized by itself, so a grey picture gives what grey in RGB gives. */
  @Test
  void greyGivesWhatItsRgbGives() {
    byte[] levels = new byte[90 * 61];
    byte[] colours = TestPictures.formula(90, 61).pixels();
    for (int i = 0; i < levels.length; i++) {
      levels[i] = colours[3 * i];
    }
    Picture grey = new Picture(90, 61, 1, levels);
    Picture rgb = new Picture(90, 61, grey.rgb());
    Region region = new Region(7, 3, 70, 51);

    Picture resized = Resample.bicubic(grey, region, 32, 48);

    assertThat(resized.channels()).isEqualTo(1);
    assertThat(resized.rgb()).isEqualTo(Resample.bicubic(rgb, region, 32, 48).pixels());
  }

  @Test
  void regionOutsideThePictureIsRefused() {
    Picture picture = TestPictures.formula(9, 7);

    assertThatThrownBy(() -> Resample.bicubic(picture, new Region(5, 0, 5, 5), 4, 4))
        .hasMessageContaining("the region must be inside the picture (9×7");
  }
}
