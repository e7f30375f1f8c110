package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
  private static final MaeSpec TINY =
      new MaeSpec(
          3,
          new Grid(4, 4),
          4,
          new org.longmae.conf.TransformerConfig(32, 2, 2),
          new org.longmae.conf.TransformerConfig(16, 1, 2),
          4,
          true);

  @Test
  void entriesLeaveNoGapAndDecayedOnesComeFirst() {
    ParameterLayout layout = ParameterLayout.of(TINY);
    long offset = 0;
    for (ParameterLayout.Entry entry : layout.entries()) {
      assertThat(entry.offset()).isEqualTo(offset);
      offset += entry.length();
      assertThat(entry.decayed()).isEqualTo(offset <= layout.decayedSize());
      assertThat(entry.offset() >= layout.linearSize()).isEqualTo(entry.name().contains("norm"));
    }
    assertThat(offset).isEqualTo(layout.size());
  }

  @Test
  void tokensAndMatricesAreDecayedBiasesAndNormsAreNot() {
    ParameterLayout layout = ParameterLayout.of(TINY);
    for (ParameterLayout.Entry entry : layout.entries()) {
      boolean oneAxis = entry.shape().length == 1;
      assertThat(entry.decayed()).as(entry.name()).isEqualTo(!oneAxis);
    }
    assertThat(layout.entry("cls_token").decayed()).isTrue();
    assertThat(layout.decayedSize()).isEqualTo(30_512);
    assertThat(layout.size()).isEqualTo(31_744);
  }

  @Test
  void namesAndShapesAreThoseOfTheStateDict() {
    ParameterLayout layout = ParameterLayout.of(TINY);
    assertThat(layout.entry("patch_embed.proj.weight").shape()).containsExactly(32, 3, 4, 4);
    assertThat(layout.entry("blocks.1.attn.qkv.weight").shape()).containsExactly(96, 32);
    assertThat(layout.entry("decoder_blocks.0.mlp.fc2.weight").shape()).containsExactly(16, 64);
    assertThat(layout.entry("decoder_pred.bias").shape()).containsExactly(48);
    assertThat(layout.entry("mask_token").shape()).containsExactly(1, 1, 16);
    assertThatThrownBy(() -> layout.entry("head")).hasMessageContaining("head");
  }

  @Test
  void vitTensorCountsAreTheKnownOnes() {
    // 254, 398 and 494 tensors in the state dict, two of them position tables.
    assertThat(entries(Models.vit(768, 12, 12, 384, 224, 16))).hasSize(252);
    assertThat(entries(Models.vit(1024, 24, 16, 512, 224, 16))).hasSize(396);
    assertThat(entries(Models.vit(1280, 32, 16, 512, 224, 14))).hasSize(492);
  }

  private static List<ParameterLayout.Entry> entries(MaeSpec spec) {
    return ParameterLayout.of(spec).entries();
  }

  @Test
  void decayedCountsAreTheKnownOnes() {
    assertDecayed(Models.vit(768, 12, 12, 384, 224, 16), 100_271_232, 163_968);
    assertDecayed(Models.vit(768, 12, 12, 512, 224, 16), 111_478_016, 177_664);
    assertDecayed(Models.vit(1024, 24, 16, 512, 224, 16), 328_861_184, 378_112);
    assertDecayed(Models.vit(1280, 32, 16, 512, 224, 14), 656_022_272, 591_692);
  }

  private static void assertDecayed(MaeSpec spec, long decayed, long others) {
    ParameterLayout layout = ParameterLayout.of(spec);
    assertThat(layout.decayedSize()).isEqualTo(decayed);
    assertThat(layout.size() - layout.decayedSize()).isEqualTo(others);
  }

  @Test
  void entryAtFindsTheOwnerOfAnElement() {
    ParameterLayout layout = ParameterLayout.of(TINY);
    ParameterLayout.Entry mask = layout.entry("mask_token");
    assertThat(layout.entryAt(mask.offset() + 15)).isEqualTo(mask);
    assertThat(layout.entryAt(mask.offset() + 16)).isNotEqualTo(mask);
  }
}
