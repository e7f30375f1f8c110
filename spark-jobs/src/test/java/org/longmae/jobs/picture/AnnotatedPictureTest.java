package org.longmae.jobs.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.longmae.data.image.Picture;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.RunLengths;

class AnnotatedPictureTest {
  private static final Picture BLACK = new Picture(80, 40, new byte[3 * 80 * 40]);

  @Test
  void pictureFitsTheCellAndKeepsItsShape() {
    Picture drawn = AnnotatedPicture.of(BLACK, List.of(), 40, 40);

    assertThat(drawn.width()).isEqualTo(40);
    assertThat(drawn.height()).isEqualTo(20);
    assertThat(drawn.rgb()).containsOnly(0);
  }

  /** Red and blue exchanged would give other colours. */
  @Test
  void coloursStay() {
    byte[] rgb = new byte[3 * 4];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) 200;
      rgb[i + 1] = 100;
      rgb[i + 2] = 50;
    }

    assertThat(AnnotatedPicture.of(new Picture(2, 2, rgb), List.of(), 2, 2).rgb()).isEqualTo(rgb);
  }

  @Test
  void boxIsAnOutlineInThePicturesPixels() {
    Picture drawn = AnnotatedPicture.of(BLACK, List.of(box(20, 10, 40, 20)), 80, 40);

    assertThat(isLit(drawn, 20, 20)).isTrue();
    assertThat(isLit(drawn, 60, 20)).isTrue();
    assertThat(isLit(drawn, 40, 10)).isTrue();
    assertThat(isLit(drawn, 40, 30)).isTrue();
    assertThat(isLit(drawn, 40, 20)).isFalse();
    assertThat(isLit(drawn, 10, 5)).isFalse();
  }

  @Test
  void boxIsScaledWithThePicture() {
    Picture drawn = AnnotatedPicture.of(BLACK, List.of(box(20, 10, 40, 20)), 160, 80);

    assertThat(isLit(drawn, 40, 40)).isTrue();
    assertThat(isLit(drawn, 120, 40)).isTrue();
    assertThat(isLit(drawn, 80, 40)).isFalse();
  }

  @Test
  void polygonsAreTinted() {
    double[] triangle = {10, 5, 70, 5, 10, 35};
    Picture drawn =
        AnnotatedPicture.of(
            BLACK,
            List.of(new ObjectAnnotation(1, 0, 0, 80, 40, 1, false, List.of(triangle), "")),
            80,
            40);

    assertThat(isLit(drawn, 20, 15)).isTrue();
    assertThat(isLit(drawn, 65, 30)).isFalse();
  }

  /** Runs go down the columns: rows instead would put the mask elsewhere. */
  @Test
  void runLengthsAreTintedColumnByColumn() {
    // Columns 30 to 49, all 40 rows.
    String rle = RunLengths.compress(new long[] {30 * 40, 20 * 40, 30 * 40});
    Picture drawn =
        AnnotatedPicture.of(
            BLACK, List.of(new ObjectAnnotation(2, 0, 0, 80, 40, 1, true, List.of(), rle)), 80, 40);

    assertThat(isLit(drawn, 40, 5)).isTrue();
    assertThat(isLit(drawn, 40, 35)).isTrue();
    assertThat(isLit(drawn, 25, 20)).isFalse();
    assertThat(isLit(drawn, 55, 20)).isFalse();
  }

  private static ObjectAnnotation box(double x, double y, double width, double height) {
    return new ObjectAnnotation(0, x, y, width, height, 1, false, List.of(), "");
  }

  private static boolean isLit(Picture picture, int x, int y) {
    int at = 3 * (y * picture.width() + x);
    return (picture.rgb()[at] & 0xff)
            + (picture.rgb()[at + 1] & 0xff)
            + (picture.rgb()[at + 2] & 0xff)
        > 40;
  }
}
