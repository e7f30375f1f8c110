package org.longmae.data.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.conf.Randomness;

class ScenesTest {
  private static final Randomness RANDOMNESS = new Randomness(11);

  @Test
  void sameSeedSamePicture() {
    Scene one = Scenes.render(RANDOMNESS, 5, 96, 72);
    Scene again = Scenes.render(new Randomness(11), 5, 96, 72);

    assertThat(again.picture().rgb()).isEqualTo(one.picture().rgb());
    assertThat(again.objects()).usingRecursiveComparison().isEqualTo(one.objects());
  }

  @Test
  void anotherIndexAnotherPicture() {
    byte[] one = Scenes.render(RANDOMNESS, 5, 96, 72).picture().rgb();

    assertThat(Scenes.render(RANDOMNESS, 6, 96, 72).picture().rgb()).isNotEqualTo(one);
    assertThat(Scenes.render(new Randomness(12), 5, 96, 72).picture().rgb()).isNotEqualTo(one);
  }

  /** Composing for the pixels at hand would give a small copy of a folder other classes. */
  @Test
  void theSceneDoesNotDependOnTheSizeOfThePicture() {
    for (int index = 0; index < 20; index++) {
      Scene small = Scenes.render(RANDOMNESS, index, 64, 48);
      Scene large = Scenes.render(RANDOMNESS, index, 128, 96);

      SceneObject main = small.objects().get(0);
      assertThat(large.objects().get(0).category()).isEqualTo(main.category());
      assertThat(large.objects().get(0).x() / 2.0).isBetween(main.x() - 1.5, main.x() + 1.5);
    }
  }

  @ParameterizedTest
  @CsvSource({"96,72", "64,64", "48,96"})
  void mainObjectIsClearlyTheLargest(int width, int height) {
    for (int index = 0; index < 100; index++) {
      List<SceneObject> objects = Scenes.render(RANDOMNESS, index, width, height).objects();

      assertThat(objects.get(0).area()).isGreaterThan(width * height / 20);
      if (objects.size() > 1) {
        assertThat(objects.get(0).area()).isGreaterThan(5 * objects.get(1).area() / 4);
      }
    }
  }

  @Test
  void mostScenesHaveSeveralObjects() {
    double mean =
        LongStream.range(0, 100)
            .mapToInt(i -> Scenes.render(RANDOMNESS, i, 64, 48).objects().size())
            .average()
            .orElseThrow();

    assertThat(mean).isBetween(2.0, 6.0);
  }

  @Test
  void everyClassAppears() {
    Set<SceneClass> main = EnumSet.noneOf(SceneClass.class);
    for (int index = 0; index < 150; index++) {
      main.add(Scenes.render(RANDOMNESS, index, 48, 36).objects().get(0).category());
    }

    assertThat(main).containsExactlyInAnyOrder(SceneClass.values());
  }

  @Test
  void smallRemnantsAreNotListed() {
    for (int index = 0; index < 50; index++) {
      assertThat(Scenes.render(RANDOMNESS, index, 64, 48).objects())
          .allMatch(object -> object.area() >= Scenes.MIN_AREA);
    }
  }

  @Test
  void anEmptyPictureIsRefused() {
    assertThatThrownBy(() -> Scenes.render(RANDOMNESS, 0, 64, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64×0");
  }
}
