package org.longmae.data.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.conf.Randomness;
import org.longmae.conf.Randomness.Purpose;

class ContoursTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "###/###",
        "#.#/###",
        // A ring, a ring with a hole one pixel wide, and one hole inside another piece.
        "####/#..#/####",
        "###/#.#/###",
        "#######/#.....#/#.###.#/#.#.#.#/#.###.#/#.....#/#######",
        // Two holes side by side, and one above the other.
        "#######/#.#.#.#/#######",
        "###/#.#/###/#.#/###",
        // Pixels that meet at a corner only: two pieces, and a ring that such a corner closes.
        "#./.#",
        "##./#.#/.##",
        ".##/#.#/##.",
        ".#./#.#/.#.",
        "##.##/#.#.#/##.##",
      })
  void polygonsRasteriseToTheVisibleMask(String drawing) {
    String[] rows = drawing.split("/");
    int width = rows[0].length();
    int[] owners = new int[width * rows.length];
    for (int i = 0; i < owners.length; i++) {
      owners[i] = rows[i / width].charAt(i % width) == '#' ? 3 : 0;
    }

    assertExact(owners, width, rows.length, 3);
  }

  /** Pepper has every kind of corner and hole. */
  @Test
  void polygonsOfARandomMaskRasteriseToIt() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      int width = 1 + random.nextInt(13);
      int height = 1 + random.nextInt(11);
      int[] owners = random.ints((long) width * height, 0, 3).map(o -> o == 0 ? 0 : 1).toArray();

      assertExact(owners, width, height, 1);
    }
  }

  @Test
  void polygonsOfRenderedObjectsRasteriseToTheirPixels() {
    for (int index = 1; index <= 20; index++) {
      Dice dice = new Dice(new Randomness(2).stream(Purpose.SCENE, 1, index));
      SceneClass category = SceneClass.values()[index % SceneClass.values().length];
      World world = Composer.compose(category, dice, 4 / 3.0);
      int[] owners = new Tracer(world, 96, 72).owners();
      for (int owner = 1; owner <= world.things().size(); owner++) {
        assertExact(owners, 96, 72, owner);
      }
    }
  }

  @Test
  void boxesAreTight() {
    for (int index = 0; index < 20; index++) {
      for (SceneObject object : Scenes.render(new Randomness(3), index, 96, 72).objects()) {
        boolean[] filled = fill(object.polygons(), 96, 72);
        int x0 = 96;
        int y0 = 72;
        int x1 = 0;
        int y1 = 0;
        for (int i = 0; i < filled.length; i++) {
          if (filled[i]) {
            x0 = Math.min(x0, i % 96);
            y0 = Math.min(y0, i / 96);
            x1 = Math.max(x1, i % 96 + 1);
            y1 = Math.max(y1, i / 96 + 1);
          }
        }

        assertThat(new int[] {object.x(), object.y(), object.width(), object.height()})
            .containsExactly(x0, y0, x1 - x0, y1 - y0);
      }
    }
  }

  private static void assertExact(int[] owners, int width, int height, int owner) {
    Mask mask = Mask.of(owners, width, height, owner);
    List<int[]> polygons = Contours.trace(mask);
    boolean[] expected = new boolean[owners.length];
    int pixels = 0;
    for (int i = 0; i < owners.length; i++) {
      expected[i] = owners[i] == owner;
      pixels += expected[i] ? 1 : 0;
    }

    assertThat(mask.area()).isEqualTo(pixels);
    assertThat(fill(polygons, width, height)).isEqualTo(expected);
    assertThat(polygons.stream().mapToInt(Contours::enclosed).sum()).isEqualTo(pixels);
  }

  /** Even-odd filling at pixel centres, each polygon by itself, as COCO's tools merge them. */
  private static boolean[] fill(List<int[]> polygons, int width, int height) {
    boolean[] filled = new boolean[width * height];
    for (int[] polygon : polygons) {
      for (int i = 0; i < filled.length; i++) {
        boolean inside = inside(polygon, i % width + 0.5, i / width + 0.5);
        assertThat(inside && filled[i]).as("polygons overlap at pixel %s", i).isFalse();
        filled[i] |= inside;
      }
    }
    return filled;
  }

  private static boolean inside(int[] polygon, double x, double y) {
    boolean inside = false;
    for (int i = 0; i < polygon.length; i += 2) {
      int j = (i + 2) % polygon.length;
      // Edges are level or upright: only upright ones to the left count.
      inside ^= polygon[i] < x && (polygon[i + 1] > y) != (polygon[j + 1] > y);
    }
    return inside;
  }
}
