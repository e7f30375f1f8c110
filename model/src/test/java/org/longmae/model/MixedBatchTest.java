package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.longmae.model.layer.Paths;

class MixedBatchTest {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final int CLASSES = 4;

  /** Three pictures of one channel, each of one value: 1, 10, 100. */
  private static float[] images() {
    float[] images = new float[3 * HEIGHT * WIDTH];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) Math.pow(10, i / (HEIGHT * WIDTH));
    }
    return images;
  }

  private static LabelledBatch mixed(double smoothing, double mixup, double cutmix, long seed) {
    return new MixedBatch(CLASSES, smoothing, mixup, cutmix)
        .of(images(), new int[] {2, 0, -1}, HEIGHT, WIDTH, new SplittableRandom(seed));
  }

  @Test
  void labelsAreSmoothedOverAllClasses() {
    LabelledBatch batch = mixed(0.1, 0, 0, 1);
    assertThat(batch.images_BCHW()).isEqualTo(images());
    float[] expected = {0.025f, 0.025f, 0.925f, 0.025f, 0.925f, 0.025f, 0.025f, 0.025f, 0, 0, 0, 0};
    assertThat(batch.targets_BG()).containsExactly(expected, within(1e-6f));
  }

  // The share in the pixels must be the share in the target: else the loss asks for a wrong answer.
  @Test
  void mixupGivesPixelsAndTargetsOneShare() {
    LabelledBatch batch = mixed(0, 0.8, 0, 2);
    double share = (100 - batch.images_BCHW()[0]) / 99;
    assertThat(share).isBetween(0.0, 1.0);
    assertThat(batch.targets_BG()[2]).isCloseTo((float) share, within(1e-5f));
    // The picture without a class gives its partner's target the partner's share only.
    assertThat(batch.targets_BG()[2 * CLASSES + 2]).isCloseTo((float) (1 - share), within(1e-5f));
    assertThat(batch.images_BCHW()[HEIGHT * WIDTH]).isEqualTo(10);
    assertThat(batch.targets_BG()[CLASSES]).isCloseTo(1, within(1e-6f));
  }

  @Test
  void cutmixCountsThePixelsThatAreLeft() {
    int seen = 0;
    for (int seed = 0; seed < 20; seed++) {
      LabelledBatch batch = mixed(0, 0, 1, seed);
      int pasted = 0;
      for (int i = 0; i < HEIGHT * WIDTH; i++) {
        assertThat(batch.images_BCHW()[i]).isIn(1f, 100f);
        pasted += batch.images_BCHW()[i] == 100 ? 1 : 0;
      }
      float left = 1 - (float) pasted / (HEIGHT * WIDTH);
      assertThat(batch.targets_BG()[2]).isCloseTo(left, within(1e-6f));
      seen += pasted > 0 && pasted < HEIGHT * WIDTH ? 1 : 0;
    }
    assertThat(seen).isGreaterThan(10);
  }

  @Test
  void whereBothAreOnABatchTakesOne() {
    int cut = 0;
    for (int seed = 0; seed < 200; seed++) {
      float first = mixed(0, 0.8, 1, seed).images_BCHW()[0];
      float last = mixed(0, 0.8, 1, seed).images_BCHW()[HEIGHT * WIDTH - 1];
      cut += (first == 1 || first == 100) && (last == 1 || last == 100) ? 1 : 0;
    }
    assertThat(cut).isBetween(70, 130);
  }

  // A path must count once in the mean, or inference sees other activations than training.
  @Test
  void pathsKeepTheMeanAndGrowWithDepth() {
    List<RandomGenerator> streams = new ArrayList<>();
    for (int image = 0; image < 4000; image++) {
      streams.add(new SplittableRandom(image));
    }
    List<Paths> paths = StochasticDepth.draw(3, 0.4, streams);
    assertThat(paths.get(0).mlp_B()).containsOnly(1);
    double mean = 0;
    int dropped = 0;
    for (float factor : paths.get(2).attention_B()) {
      mean += factor / 4000;
      dropped += factor == 0 ? 1 : 0;
    }
    assertThat(mean).isCloseTo(1, within(0.05));
    assertThat(dropped / 4000.0).isCloseTo(0.4, within(0.03));
    assertThat(StochasticDepth.draw(3, 0, streams)).isEmpty();
  }
}
