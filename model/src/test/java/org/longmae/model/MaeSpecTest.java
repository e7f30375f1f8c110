package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;

class MaeSpecTest {
  @ParameterizedTest
  @CsvSource({
    "4, 224, 3136, 48",
    "8, 224, 784, 192",
    "14, 224, 256, 588",
    "16, 448, 784, 768",
    "24, 672, 784, 1728",
    "32, 448, 196, 3072",
    "64, 448, 49, 12288",
  })
  void everyPatchSizeOfThePapersMakesAModel(int patch, int size, int patches, int values) {
    RunConfig run = run("model.patch-size=" + patch, "image.size=" + size);
    MaeSpec spec = MaeSpec.of(run);

    assertThat(spec.patches()).isEqualTo(run.sequenceLength()).isEqualTo(patches);
    assertThat(spec.patchValues()).isEqualTo(values);
    assertThat(spec.imageValues()).isEqualTo(3 * size * size);
    assertThat(spec.keptPatches()).isEqualTo(patches / 4);
    ParameterLayout layout = ParameterLayout.of(spec);
    assertThat(layout.entry("patch_embed.proj.weight").shape())
        .containsExactly(768, 3, patch, patch);
    assertThat(layout.entry("decoder_pred.weight").shape()).containsExactly(values, 384);
  }

  // A patch is found by row · columns + column: with the two exchanged, square grids still work.
  @Test
  void rowsAreTheHeightAndColumnsTheWidth() {
    MaeSpec spec = MaeSpec.of(run("image.size=[224,448]"));

    assertThat(spec.grid()).isEqualTo(new Grid(14, 28));
    assertThat(spec.imageValues()).isEqualTo(3 * 224 * 448);
    assertThat(spec.keptPatches()).isEqualTo(98);
  }

  @Test
  void greyPicturesHaveOneChannel() {
    RunConfig run = run("image.channels=1", "image.mean=[0.449]", "image.std=[0.226]");

    assertThat(MaeSpec.of(run).channels()).isEqualTo(1);
    assertThat(MaeSpec.of(run).patchValues()).isEqualTo(256);
  }

  /** What the presets' headers say. */
  @ParameterizedTest
  @CsvSource({
    "tiny, 2706816, 261120",
    "vit-ti, 5486592, 917248",
    "vit-s, 21590016, 3455744",
    "vit-b, 85647360, 14787840",
    "vit-l, 303099904, 26139392",
    "vit-h, 630435840, 26178124",
  })
  void presetsHaveTheParametersTheyClaim(String preset, long encoder, long decoder) {
    CostModel cost = CostModel.of(MaeSpec.of(new ConfigLoader().preset(preset).run()));

    assertThat(cost.encoderParameters()).isEqualTo(encoder);
    assertThat(cost.decoderParameters()).isEqualTo(decoder);
  }

  private static RunConfig run(String... settings) {
    ConfigLoader loader = new ConfigLoader().set("mask.unit=1");
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader.run();
  }
}
