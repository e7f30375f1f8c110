package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.conf.TransformerConfig;

/**
 * Two backends that share no kernel give the same loss and the same gradient of every parameter,
 * from the same weights, pictures and masks.
 */
class BackendsAgreeTest {
  private static final int IMAGES = 3;

  private record Model(MaeSpec spec, float[] images, int[] shuffles) {
    static Model of(MaeCase one, MaeSpec spec) {
      return new Model(spec, Models.images(spec, IMAGES, 11), one.shuffles(IMAGES));
    }

    @Override
    public String toString() {
      return spec.toString();
    }
  }

  static List<Model> models() {
    List<Model> models = new ArrayList<>();
    MaeCase.units(3, true).forEach(one -> models.add(Model.of(one, one.spec())));
    MaeCase.units(1, false).forEach(one -> models.add(Model.of(one, one.spec())));
    // Sequences and widths beyond a vector register and a cache line.
    models.add(wider(new MaeCase(3, new Grid(8, 8), 4, 2, true)));
    models.add(wider(new MaeCase(5, new Grid(6, 9), 4, 2, true)));
    return models;
  }

  private static Model wider(MaeCase one) {
    return Model.of(
        one,
        new MaeSpec(
            one.channels(),
            one.grid(),
            one.patchSize(),
            new TransformerConfig(96, 3, 3),
            new TransformerConfig(64, 2, 4),
            one.grid().patches() / 4,
            one.normalizedTarget()));
  }

  // In single precision, with the tolerance that single precision leaves.
  @ParameterizedTest
  @MethodSource("models")
  void lossAndGradientAgreeInSinglePrecision(Model model) {
    assertAgree(model, TestBackend.ATEN_FP32, TestBackend.ND4J_FP32, 1e-5);
  }

  // A slip of a part in a million, which single precision would hide.
  @ParameterizedTest
  @MethodSource("models")
  void lossAndGradientAgreeInDouble(Model model) {
    assertAgree(model, TestBackend.ATEN_DOUBLE, TestBackend.ND4J_DOUBLE, 1e-10);
  }

  private static void assertAgree(
      Model model, TestBackend one, TestBackend other, double tolerance) {
    MaeEngine.Gradient actual = gradient(model, one);
    MaeEngine.Gradient expected = gradient(model, other);
    assertThat(actual.loss()).isCloseTo(expected.loss(), withinPercentage(100 * tolerance));
    for (ParameterLayout.Entry entry : ParameterLayout.of(model.spec()).entries()) {
      double[] part = part(expected.gradient(), entry);
      assertThat(Arrays.stream(part).anyMatch(value -> value != 0)).as(entry.name()).isTrue();
      assertThat(RelativeError.of(part(actual.gradient(), entry), part))
          .as("gradient of %s", entry.name())
          .isLessThan(tolerance);
    }
  }

  private static MaeEngine.Gradient gradient(Model model, TestBackend backend) {
    try (MaeEngine engine = EngineWeights.engine(model.spec(), backend)) {
      return engine.gradient(model.images(), model.shuffles());
    }
  }

  private static double[] part(double[] vector, ParameterLayout.Entry entry) {
    int from = (int) entry.offset();
    return Arrays.copyOfRange(vector, from, from + (int) entry.length());
  }
}
