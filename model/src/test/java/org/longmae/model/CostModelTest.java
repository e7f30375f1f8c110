package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CostModelTest {
  @Test
  void parameterCountsAreTheKnownOnes() {
    assertParameters(Models.vit(768, 12, 12, 512, 224, 16), 85_647_360, 26_008_320);
    assertParameters(Models.vit(768, 12, 12, 384, 448, 16), 85_647_360, 14_787_840);
    assertParameters(Models.vit(768, 12, 12, 384, 224, 8), 85_204_992, 14_566_080);
    assertParameters(Models.vit(768, 12, 12, 384, 672, 24), 86_384_640, 15_157_440);
    assertParameters(Models.vit(768, 12, 12, 384, 448, 64), 94_494_720, 19_223_040);
    assertParameters(Models.vit(1024, 24, 16, 512, 448, 16), 303_099_904, 26_139_392);
    assertParameters(Models.vit(1280, 32, 16, 512, 224, 14), 630_435_840, 26_178_124);
  }

  private static void assertParameters(MaeSpec spec, long encoder, long decoder) {
    CostModel cost = CostModel.of(spec);
    assertThat(cost.encoderParameters()).isEqualTo(encoder);
    assertThat(cost.decoderParameters()).isEqualTo(decoder);
    assertThat(cost.parameters()).isEqualTo(ParameterLayout.of(spec).size());
  }

  @Test
  void forwardCostIsTheKnownOne() {
    assertGmacs(Models.vit(768, 12, 12, 384, 112, 16), 1.878);
    assertGmacs(Models.vit(768, 12, 12, 384, 224, 16), 7.508);
    assertGmacs(Models.vit(768, 12, 12, 384, 448, 16), 33.098);
    assertGmacs(Models.vit(768, 12, 12, 384, 512, 16), 44.992);
    assertGmacs(Models.vit(768, 12, 12, 384, 896, 16), 185.906);
    assertGmacs(Models.vit(1024, 24, 16, 512, 448, 16), 87.231);
    assertGmacs(Models.vit(768, 12, 12, 512, 224, 16), 9.781);
    assertGmacs(Models.vit(768, 12, 12, 384, 224, 8), 32.577);
    assertGmacs(Models.vit(1280, 32, 16, 512, 224, 14), 48.562);
  }

  private static void assertGmacs(MaeSpec spec, double expected) {
    CostModel cost = CostModel.of(spec);
    assertThat(cost.forwardMacs() / 1e9).isCloseTo(expected, within(6e-4));
    assertThat(cost.stepFlops()).isEqualTo(6 * cost.forwardMacs());
  }

  // At 4,096 tokens a detector's pictures of 1,024 pixels are encoded.
  @Test
  void costOfEncodingWithNothingHiddenIsTheKnownOne() {
    assertFeatureGmacs(Models.vit(768, 12, 12, 384, 224, 16), 17.56);
    assertFeatureGmacs(Models.vit(768, 12, 12, 384, 448, 16), 78.49);
    assertFeatureGmacs(Models.vit(768, 12, 12, 384, 1024, 16), 659.78);
    assertFeatureGmacs(Models.vit(1024, 24, 16, 512, 224, 16), 61.55);
    assertFeatureGmacs(Models.vit(1024, 24, 16, 512, 448, 16), 267.97);
    assertFeatureGmacs(Models.vit(1024, 24, 16, 512, 1024, 16), 2065.51);
    assertFeatureGmacs(Models.vit(1280, 32, 16, 512, 196, 14), 127.27);
    assertFeatureGmacs(Models.vit(1280, 32, 16, 512, 392, 14), 544.95);
    assertFeatureGmacs(Models.vit(1280, 32, 16, 512, 896, 14), 3955.75);
  }

  private static void assertFeatureGmacs(MaeSpec spec, double expected) {
    CostModel cost = CostModel.of(spec);
    assertThat(cost.featureMacs() / 1e9).isCloseTo(expected, within(6e-3));
    assertThat(cost.featureFlops()).isEqualTo(2 * cost.featureMacs());
  }

  @Test
  void aStepIsThreeForwardPasses() {
    CostModel cost = CostModel.of(Models.vit(768, 12, 12, 384, 448, 16));
    assertThat(cost.encoderFlops())
        .isEqualTo(2L * 12 * (12L * 197 * 768 * 768 + 2L * 197 * 197 * 768));
    assertThat(cost.decoderFlops())
        .isEqualTo(2L * 8 * (12L * 785 * 384 * 384 + 2L * 785 * 785 * 384));
    assertThat(cost.backwardFlops()).isEqualTo(2 * cost.forwardFlops());
    assertThat(cost.stepFlops()).isEqualTo(3 * cost.forwardFlops());
  }

  @Test
  void workersSendTheirStateAndTakeTheAverage() {
    CostModel cost = CostModel.of(Models.SMALL);
    assertThat(cost.exchangedBytes(1, true)).isZero();
    assertThat(cost.exchangedBytes(3, false)).isEqualTo(2 * 3 * 4 * cost.parameters());
    assertThat(cost.exchangedBytes(3, true)).isEqualTo(2 * 3 * 12 * cost.parameters());
  }
}
