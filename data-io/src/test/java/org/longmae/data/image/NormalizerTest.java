package org.longmae.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizerTest {
  private final Normalizer normalizer =
      new Normalizer(List.of(0.5, 0.25, 0.0), List.of(0.5, 0.25, 2.0));
  private final Picture picture =
      new Picture(2, 1, new byte[] {0, (byte) 255, 51, (byte) 255, 0, (byte) 255});

  @Test
  void planesLieOneBehindTheOther() {
    float[] out = new float[7];

    normalizer.write(picture, false, out, 1);

    assertThat(out).containsExactly(0f, -1f, 1f, 3f, -1f, 0.1f, 0.5f);
  }

  @Test
  void mirroringExchangesLeftAndRight() {
    float[] out = new float[6];

    normalizer.write(picture, true, out, 0);

    assertThat(out).containsExactly(1f, -1f, -1f, 3f, 0.5f, 0.1f);
  }

  @Test
  void greyIsOnePlane() {
    Normalizer grey = new Normalizer(List.of(0.5), List.of(0.5));
    float[] out = new float[4];

    grey.write(new Picture(1, 2, 1, new byte[] {0, (byte) 255}), false, out, 1);

    assertThat(out).containsExactly(0f, -1f, 1f, 0f);
    assertThatThrownBy(() -> grey.write(picture, false, out, 0))
        .hasMessage("a picture must have 1 channels but had 3");
  }
}
