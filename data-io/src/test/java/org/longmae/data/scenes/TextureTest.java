package org.longmae.data.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextureTest {
  private static final Colour DARK = new Colour(0.1, 0.2, 0.3);
  private static final Colour LIGHT = new Colour(0.9, 0.8, 0.7);

  static Stream<Texture> patterns() {
    return Stream.of(
        new Texture.Ripples(DARK, LIGHT, 0.5, 1.5, 1),
        new Texture.Stripes(DARK, LIGHT, 0.5, 0.3),
        new Texture.Bands(DARK, LIGHT, 0.5, 0.3),
        new Texture.Tiles(DARK, LIGHT, Colour.BLACK, 0.5, 0.5, 0, 0),
        new Texture.Tiles(DARK, LIGHT, Colour.BLACK, 0.5, 0.25, 0.5, 1),
        new Texture.Planks(DARK, LIGHT, 0.3, 2, 1));
  }

  /** Otherwise the ground glitters towards the horizon. */
  @ParameterizedTest
  @MethodSource("patterns")
  void patternsFinerThanAPixelVanish(Texture texture) {
    Rgb reference = painted(texture, 0, 0, 3);
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 100; i++) {
      Rgb colour = painted(texture, 9 * random.nextDouble(), 9 * random.nextDouble(), 3);

      assertThat(colour.r).isCloseTo(reference.r, within(1e-9));
      assertThat(colour.b).isCloseTo(reference.b, within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void patternsCoarserThanAPixelShow(Texture texture) {
    double darkest = 1;
    double lightest = 0;
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 400; i++) {
      Rgb colour = painted(texture, 9 * random.nextDouble(), 9 * random.nextDouble(), 0.01);
      darkest = Math.min(darkest, colour.r);
      lightest = Math.max(lightest, colour.r);
    }

    assertThat(lightest - darkest).isGreaterThan(0.4);
  }

  private static Rgb painted(Texture texture, double u, double v, double footprint) {
    Rgb colour = new Rgb();
    texture.paint(u, v, footprint, colour);
    return colour;
  }
}
