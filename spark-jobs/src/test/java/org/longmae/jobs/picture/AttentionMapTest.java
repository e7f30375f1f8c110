package org.longmae.jobs.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.longmae.data.image.Picture;

class AttentionMapTest {
  /** Two rows and three columns of two-pixel patches, all of one grey. */
  private static Picture grey() {
    byte[] rgb = new byte[3 * 6 * 4];
    Arrays.fill(rgb, (byte) 200);
    return new Picture(6, 4, rgb);
  }

  @Test
  void aPatchIsAsBrightAsItsShareOfTheLargest() {
    Picture map = AttentionMap.of(grey(), new float[] {0, 0.1f, 0.2f, 0.4f, 0.2f, 0.1f}, 2);
    byte[] rgb = map.rgb();
    assertThat(rgb[0] & 0xFF).as("ambient").isEqualTo(24);
    assertThat(rgb[3 * (6 * 2)] & 0xFF).as("the largest, first of row 2").isEqualTo(200);
    assertThat(rgb[3 * 4] & 0xFF).as("half of it, last of row 1").isEqualTo(112);
    assertThat(rgb[3 * (6 * 3 + 2)]).isEqualTo(rgb[3 * 5]).as("equal shares, equal light");
  }

  @Test
  void sharesMustBeThoseOfThePatches() {
    assertThatThrownBy(() -> AttentionMap.of(grey(), new float[5], 2))
        .hasMessage("share_L must have 6 values but had 5");
  }
}
