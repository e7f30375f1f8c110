package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.longmae.data.TestPictures;

class PictureCodecTest {
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
}
