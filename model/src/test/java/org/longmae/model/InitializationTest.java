package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InitializationTest {
  private static final ParameterLayout BASE =
      ParameterLayout.of(Models.vit(768, 12, 12, 384, 224, 16));

  @Test
  void xavierBoundsAreTheKnownOnes() {
    // The fused matrix counts as one of 3·D rows: √(6/(4·D)), not √(6/(2·D)).
    assertBound("blocks.0.attn.qkv.weight", 0.0441942);
    assertBound("blocks.0.attn.proj.weight", 0.0625);
    assertBound("blocks.0.mlp.fc1.weight", 0.0395285);
    assertBound("patch_embed.proj.weight", 0.0625);
    assertBound("decoder_embed.weight", 0.0721688);
    assertBound("decoder_pred.weight", 0.0721688);
  }

  private static void assertBound(String name, double bound) {
    ParameterLayout.Entry entry = BASE.entry(name);
    assertThat(Initialization.xavierBound(entry.shape())).isCloseTo(bound, within(1e-6));
    double largest = 0;
    double sum = 0;
    for (float value : Initialization.draw(BASE, entry, new SplittableRandom(1))) {
      largest = Math.max(largest, Math.abs(value));
      sum += value;
    }
    assertThat(largest).isLessThanOrEqualTo(bound + 1e-7).isGreaterThan(0.999 * bound);
    assertThat(sum / entry.length()).isCloseTo(0, within(0.01 * bound));
  }

  @Test
  void onlyThePatchEmbeddingHasABias() {
    SplittableRandom random = new SplittableRandom(1);
    for (ParameterLayout.Entry entry : BASE.entries()) {
      if (entry.name().equals("patch_embed.proj.bias")) {
        float[] values = Initialization.draw(BASE, entry, random);
        double largest = 0;
        for (float value : values) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.035, 0.0360845);
      } else if (entry.name().endsWith(".bias")) {
        assertThat(Initialization.draw(BASE, entry, random)).containsOnly(0);
      } else if (entry.name().contains("norm")) {
        assertThat(Initialization.draw(BASE, entry, random)).containsOnly(1);
      }
    }
  }

  @Test
  void tokensAreNormalWithDeviationTwoHundredths() {
    double squares = 0;
    for (float value :
        Initialization.draw(BASE, BASE.entry("cls_token"), new SplittableRandom(1))) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares / 768)).isCloseTo(0.02, within(0.002));
  }
}
