package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CropsTest {
  @Property(tries = 500, seed = "1")
  void cropIsInsideThePicture(
      @ForAll @IntRange(min = 1, max = 2000) int width,
      @ForAll @IntRange(min = 1, max = 2000) int height,
      @ForAll @DoubleRange(min = 0.01, max = 1) double minCrop,
      @ForAll long seed) {
    Region crop = Crops.randomResized(width, height, minCrop, new SplittableRandom(seed));

    assertThat(crop.x() + crop.width()).isLessThanOrEqualTo(width);
    assertThat(crop.y() + crop.height()).isLessThanOrEqualTo(height);
  }

  /** Sides are rounded to pixels, so area and ratio may be off by about one part in 200. */
  @Property(tries = 500, seed = "1")
  void areaAndRatioAreWithinTheirBounds(@ForAll long seed) {
    Region crop = Crops.randomResized(500, 375, 0.2, new SplittableRandom(seed));

    double share = (double) crop.width() * crop.height() / (500 * 375);
    double ratio = (double) crop.width() / crop.height();
    assertThat(share).isBetween(0.198, 1.0);
    assertThat(ratio).isBetween(0.746, 1.341);
  }

  /** Uniform area: the mean share of many crops that fit is that of the accepted draws. */
  @Test
  void squarePicturesGiveLargeAndSmallCropsAlike() {
    SplittableRandom random = new SplittableRandom(1);
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      Region crop = Crops.randomResized(10_000, 10_000, 0.2, random);
      sum += crop.width() * (double) crop.height() / 1e8;
    }

    // Integral over area in 0.2…1 and log-uniform ratio, of those that fit: 0.538.
    assertThat(sum / 20_000).isBetween(0.533, 0.543);
  }

  /** No crop of ratio 3:4 to 4:3 covers all of a panorama: ten tries fail, the centre is left. */
  @Test
  void panoramaFallsBackToItsCentre() {
    Region crop = Crops.randomResized(1000, 30, 1, new SplittableRandom(1));

    assertThat(crop).isEqualTo(new Region(480, 0, 40, 30));
    assertThat(Crops.randomResized(30, 1000, 1, new SplittableRandom(1)))
        .isEqualTo(new Region(0, 480, 30, 40));
  }

  @Test
  void centreOfASquareTargetIsTheLargestSquareInTheMiddle() {
    assertThat(Crops.centre(500, 375, 224, 224)).isEqualTo(new Region(62, 0, 375, 375));
    assertThat(Crops.centre(3, 8, 7, 7)).isEqualTo(new Region(0, 2, 3, 3));
  }

  /** Sides exchanged, or the longer side fitted instead of the shorter, give other regions. */
  @Test
  void centreOfARectangularTargetHasItsShape() {
    assertThat(Crops.centre(500, 375, 200, 100)).isEqualTo(new Region(0, 62, 500, 250));
    assertThat(Crops.centre(500, 375, 100, 200)).isEqualTo(new Region(156, 0, 188, 375));
    assertThat(Crops.centre(500, 375, 400, 300)).isEqualTo(new Region(0, 0, 500, 375));
    assertThat(Crops.centre(3, 100, 4096, 8)).isEqualTo(new Region(0, 49, 3, 1));
  }

  @Property(tries = 500, seed = "1")
  void centreTouchesTwoSidesAndKeepsTheShape(
      @ForAll @IntRange(min = 50, max = 2000) int width,
      @ForAll @IntRange(min = 50, max = 2000) int height,
      @ForAll @IntRange(min = 8, max = 64) int targetWidth,
      @ForAll @IntRange(min = 8, max = 64) int targetHeight) {
    Region centre = Crops.centre(width, height, targetWidth, targetHeight);

    assertThat(centre.width() == width || centre.height() == height).isTrue();
    assertThat(centre.x() + centre.width()).isLessThanOrEqualTo(width);
    assertThat(centre.y() + centre.height()).isLessThanOrEqualTo(height);
    // The side that was rounded is off by half a pixel at most.
    double wanted = (double) targetWidth / targetHeight;
    assertThat(
            Math.min(
                Math.abs(centre.width() - centre.height() * wanted),
                Math.abs(centre.height() - centre.width() / wanted)))
        .isLessThanOrEqualTo(0.5);
  }
}
