package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes and costs of the papers' models, worked out apart from the code. */
class ModelSizesTest {
  private static final MaeSpec TINY = Models.SMALL;

  private static MaeSpec model(char size, int decoderWidth, int image, int patch) {
    return switch (size) {
      case 'B' -> Models.vit(768, 12, 12, decoderWidth, image, patch);
      case 'L' -> Models.vit(1024, 24, 16, decoderWidth, image, patch);
      case 'H' -> Models.vit(1280, 32, 16, decoderWidth, image, patch);
      default -> throw new IllegalArgumentException("size must be B, L or H but was " + size);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "B, 512, 224, 16,  85647360, 26008320, 111907840",
    "B, 384, 224, 16,  85647360, 14787840, 100662144",
    "B, 384, 448, 16,  85647360, 14787840, 101339520",
    "B, 384, 224,  8,  85204992, 14566080, 100675392",
    "B, 384, 672, 24,  86384640, 15157440, 102446400",
    "B, 384, 448, 32,  87416832, 15674880, 103318656",
    "B, 384, 448, 64,  94494720, 19223040, 113775360",
    "B, 384, 224,  4,  85094400, 14510640, 103218864",
    "L, 512, 224, 16, 303099904, 26139392, 329541888",
    "L, 512, 448, 16, 303099904, 26139392, 330445056",
    "L, 512, 224,  8, 302510080, 25843904, 329559744",
    "H, 512, 224, 14, 630435840, 26178124, 657074508",
  })
  void parametersAndStateDictHaveTheKnownSizes(
      char size, int decoderWidth, int image, int patch, long encoder, long decoder, long all) {
    MaeSpec spec = model(size, decoderWidth, image, patch);
    CostModel cost = CostModel.of(spec);
    assertThat(cost.encoderParameters()).isEqualTo(encoder);
    assertThat(cost.decoderParameters()).isEqualTo(decoder);
    long positions = (long) (spec.patches() + 1) * (spec.encoder().width() + decoderWidth);
    assertThat(ParameterLayout.of(spec).size() + positions).isEqualTo(all);
  }

  @Test
  void tinyModelHasTheKnownSizes() {
    ParameterLayout layout = ParameterLayout.of(TINY);
    assertThat(layout.size()).isEqualTo(31_744);
    assertThat(layout.decayedSize()).isEqualTo(30_512);
    assertThat(PositionTable.of(TINY.grid(), 32)).hasSize(544);
    assertThat(PositionTable.of(TINY.grid(), 16)).hasSize(272);
  }

  // 6 + 12·depth tensors of the encoder with its position table, 8 + 12·depth of the decoder.
  @ParameterizedTest
  @CsvSource({"B, 384, 16, 150", "L, 512, 16, 294", "H, 512, 14, 390"})
  void tensorsOfEncoderAndDecoderHaveTheKnownNumbers(
      char size, int decoderWidth, int patch, long encoder) {
    var entries = ParameterLayout.of(model(size, decoderWidth, 224, patch)).entries();
    long decoders =
        entries.stream()
            .filter(e -> e.name().startsWith("decoder_") || e.name().equals("mask_token"))
            .count();
    assertThat(entries.size() - decoders + 1).isEqualTo(encoder);
    assertThat(decoders + 1).isEqualTo(104);
  }

  // In 10⁹ multiply-adds, as the papers count them.
  @ParameterizedTest
  @CsvSource({
    "B, 384, 112, 16,   1.107,   0.723,   1.878",
    "B, 384, 224, 16,   4.293,   3.027,   7.508",
    "B, 384, 320, 16,   8.766,   6.664,  15.815",
    "B, 384, 384, 16,  12.703,  10.213,  23.469",
    "B, 384, 448, 16,  17.447,  14.898,  33.098",
    "B, 384, 512, 16,  23.046,  20.965,  44.992",
    "B, 384, 640, 16,  37.023,  38.412,  76.968",
    "B, 384, 896, 16,  78.032, 104.868, 185.906",
    "L, 512, 112, 16,   3.934,   1.279,   5.278",
    "L, 512, 224, 16,  15.222,   5.276,  20.755",
    "L, 512, 320, 16,  31.002,  11.409,  42.936",
    "L, 512, 384, 16,  44.822,  17.248,  62.825",
    "L, 512, 448, 16,  61.400,  24.803,  87.231",
    "L, 512, 512, 16,  80.858,  34.402, 116.602",
    "L, 512, 640, 16, 129.002,  61.288, 192.388",
    "L, 512, 896, 16, 267.351, 159.561, 431.022",
  })
  void forwardPassesHaveTheKnownCosts(
      char size, int decoderWidth, int image, int patch, double enc, double dec, double all) {
    CostModel cost = CostModel.of(model(size, decoderWidth, image, patch));
    assertThat(cost.encoder() / 1e9).isCloseTo(enc, within(6e-4));
    assertThat(cost.decoder() / 1e9).isCloseTo(dec, within(6e-4));
    assertThat(cost.forwardMacs() / 1e9).isCloseTo(all, within(6e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "B, 512, 224, 16, 9.781",
    "B, 384, 224, 8, 32.577",
    "B, 384, 672, 24, 33.965",
    "B, 384, 448, 32, 8.028",
    "B, 384, 448, 64, 2.528",
    "B, 384, 224, 4, 183.305",
    "L, 512, 224, 8, 86.537",
    "H, 512, 224, 14, 48.562",
    "B, 512, 448, 16, 43.099",
  })
  void otherPatchesAndDecodersHaveTheKnownCosts(
      char size, int decoderWidth, int image, int patch, double all) {
    CostModel cost = CostModel.of(model(size, decoderWidth, image, patch));
    assertThat(cost.forwardMacs() / 1e9).isCloseTo(all, within(6e-4));
  }

  @Test
  void fewerVisiblePatchesCostLess() {
    MaeSpec fewer = model('B', 384, 448, 16).withKeptPatches(49);
    assertThat(CostModel.of(fewer).forwardMacs() / 1e9).isCloseTo(19.900, within(6e-4));
  }

  // Four times the patches cost more than four times, as attention is quadratic.
  @ParameterizedTest
  @CsvSource({"B, 384, 4.41", "L, 512, 4.20"})
  void fourTimesThePatchesCostTheKnownRatio(char size, int decoderWidth, double ratio) {
    double few = CostModel.of(model(size, decoderWidth, 224, 16)).forwardMacs();
    double many = CostModel.of(model(size, decoderWidth, 448, 16)).forwardMacs();
    assertThat(many / few).isCloseTo(ratio, within(0.005));
  }

  @ParameterizedTest
  @CsvSource({
    "B, 384, 8, patch_embed.proj.weight, 0.0790569",
    "B, 384, 16, patch_embed.proj.weight, 0.0625",
    "B, 384, 24, patch_embed.proj.weight, 0.0490290",
    "L, 512, 16, blocks.0.attn.qkv.weight, 0.0382733",
  })
  void xavierBoundsAreTheKnownOnes(
      char size, int decoderWidth, int patch, String name, double bound) {
    ParameterLayout layout = ParameterLayout.of(model(size, decoderWidth, 28 * patch, patch));
    assertThat(Initialization.xavierBound(layout.entry(name).shape()))
        .isCloseTo(bound, within(5e-8));
  }

  @ParameterizedTest
  @CsvSource({"8, 0.0721688", "16, 0.0360844", "24, 0.0240563"})
  void biasesOfThePatchKernelHaveTheKnownBounds(int patch, double bound) {
    ParameterLayout layout = ParameterLayout.of(model('B', 384, 28 * patch, patch));
    float largest = 0;
    for (float value :
        Initialization.draw(
            layout, layout.entry("patch_embed.proj.bias"), new java.util.SplittableRandom(1))) {
      largest = Math.max(largest, Math.abs(value));
    }
    // Of 768 draws the largest lies within a few thousandths of the bound.
    assertThat((double) largest).isBetween(0.99 * bound, bound + 1e-7);
  }
}
