package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.conf.EvaluateConfig.Pooling;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.layer.NaiveClassifier;
import org.longmae.model.layer.Paths;

/** The classifier against its description in double, and its gradient against differences. */
class ClassifierTest {
  private static final int IMAGES = 3;
  private static final int CLASSES = 4;
  private static final double STEP = EngineWeights.QUANTUM;
  private static final Grid GRID = new Grid(2, 3);

  /** Of the second block, the first image passes the attention by and the last the MLP. */
  private static final List<Paths> PATHS =
      List.of(
          new Paths(new float[] {1, 1, 1}, new float[] {1, 1, 1}),
          new Paths(new float[] {0, 1.25f, 1.25f}, new float[] {1.25f, 1.25f, 0}));

  private static ClassifierSpec spec(Pooling pooling) {
    EncoderSpec encoder =
        new EncoderSpec(2, GRID, new Grid(3, 4), 2, new TransformerConfig(12, 2, 3));
    return new ClassifierSpec(encoder, CLASSES, pooling);
  }

  private static float[] images() {
    float[] images = new float[IMAGES * spec(Pooling.MEAN).encoder().imageValues()];
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  /** A mixed target, a plain one, and a picture without a class. */
  private static LabelledBatch batch(List<Paths> paths) {
    float[] targets = {0.7f, 0, 0.2f, 0.1f, 0, 0, 1, 0, 0, 0, 0, 0};
    return new LabelledBatch(images(), targets, paths);
  }

  private static ClassifierEngine engine(
      Pooling pooling, TestBackend backend, int microBatch, Recompute recompute) {
    StepSettings settings = new StepSettings(Models.OPTIM, microBatch, recompute);
    ClassifierEngine engine = ClassifierEngine.open(spec(pooling), settings, backend.open());
    engine.initialize(new SplittableRandom(21));
    float[] weights = EngineWeights.all(engine, StateVector.PARAMETERS);
    SplittableRandom random = new SplittableRandom(22);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (Math.rint((weights[i] + 0.2 * random.nextGaussian()) / STEP) * STEP);
    }
    engine.write(StateVector.PARAMETERS, 0, weights);
    return engine;
  }

  @ParameterizedTest
  @EnumSource
  void scoresAreThoseOfTheDescription(TestBackend backend) {
    for (Pooling pooling : Pooling.values()) {
      try (ClassifierEngine engine = engine(pooling, backend, 0, Recompute.NONE)) {
        NaiveClassifier naive = new NaiveClassifier(spec(pooling), EngineWeights.byName(engine));
        double[] expected = naive.scores(images(), List.of());
        assertThat(RelativeError.of(engine.scores(images()), expected))
            .as("%s", pooling)
            .isLessThan(Math.max(1e-6, 2 * backend.tolerance()));
      }
    }
  }

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (TestBackend backend : List.of(TestBackend.ATEN_DOUBLE, TestBackend.ND4J_DOUBLE)) {
      cases.add(Arguments.of(backend, Pooling.MEAN, 0, Recompute.NONE));
      cases.add(Arguments.of(backend, Pooling.CLASS, 2, Recompute.BLOCK));
    }
    return cases;
  }

  // The loss by the description too: a gradient may match the wrong loss.
  @ParameterizedTest
  @MethodSource("cases")
  void gradientMatchesCentralDifferencesOfTheDescribedLoss(
      TestBackend backend, Pooling pooling, int microBatch, Recompute recompute) {
    LabelledBatch batch = batch(PATHS);
    SplittableRandom random = new SplittableRandom(3);
    try (ClassifierEngine engine = engine(pooling, backend, microBatch, recompute)) {
      NaiveClassifier naive = new NaiveClassifier(spec(pooling), EngineWeights.byName(engine));
      MaeEngine.Gradient found = engine.gradient(batch);
      assertThat(found.loss()).isCloseTo(naive.loss(batch), within(1e-9));
      for (ParameterLayout.Entry entry : engine.layout().entries()) {
        int from = (int) entry.offset();
        double[] gradient = Arrays.copyOfRange(found.gradient(), from, from + (int) entry.length());
        int[] signs = new int[gradient.length];
        double slope = 0;
        double squares = 0;
        for (int i = 0; i < signs.length; i++) {
          signs[i] = random.nextBoolean() ? 1 : -1;
          slope += signs[i] * gradient[i];
          squares += gradient[i] * gradient[i];
        }
        double length = Math.sqrt(squares);
        assertThat(length).as("gradient of %s", entry.name()).isGreaterThan(1e-4);
        double numeric =
            (at(engine, batch, entry, signs, STEP) - at(engine, batch, entry, signs, -STEP))
                / (2 * STEP);
        assertThat(Math.abs(slope - numeric))
            .as("%s: backward %s, differences %s", entry.name(), slope, numeric)
            .isLessThan(1e-6 * length);
      }
    }
  }

  private static double at(
      ClassifierEngine engine,
      LabelledBatch batch,
      ParameterLayout.Entry entry,
      int[] signs,
      double step) {
    float[] weights = new float[signs.length];
    engine.read(StateVector.PARAMETERS, entry.offset(), weights);
    float[] moved = weights.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (signs[i] * step);
    }
    engine.write(StateVector.PARAMETERS, entry.offset(), moved);
    double loss = engine.gradient(batch).loss();
    engine.write(StateVector.PARAMETERS, entry.offset(), weights);
    return loss;
  }

  // A head that starts without an opinion, positions at the resized table of the trained grid.
  @Test
  void itStartsAtLogOfTheClassesAndAtTheTable() {
    StepSettings settings = StepSettings.of(Models.OPTIM);
    try (ClassifierEngine engine =
        ClassifierEngine.open(spec(Pooling.MEAN), settings, TestBackend.ATEN_FP32.open())) {
      engine.initialize(new SplittableRandom(21));
      ParameterLayout.Entry positions = engine.layout().entry("pos_embed");
      float[] table = new float[(int) positions.length()];
      engine.read(StateVector.PARAMETERS, positions.offset(), table);
      assertThat(table).isEqualTo(spec(Pooling.MEAN).encoder().positionTable());
      float[] targets = {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};
      double loss = engine.gradient(new LabelledBatch(images(), targets, List.of())).loss();
      assertThat(loss).isCloseTo(Math.log(CLASSES), within(1e-3));
    }
  }

  // MAE's fine-tuning decays neither, where pre-training decays the class token.
  @Test
  void classTokenAndPositionsAreNotDecayedAndLearnSlowest() {
    ParameterLayout layout = ParameterLayout.of(spec(Pooling.MEAN));
    for (String name : List.of("cls_token", "pos_embed", "fc_norm.weight", "head.bias")) {
      assertThat(layout.entry(name).decayed()).as(name).isFalse();
    }
    assertThat(layout.entry("head.weight").decayed()).isTrue();
    assertThat(layout.contains("norm.weight")).isFalse();
    assertThat(ParameterLayout.of(spec(Pooling.CLASS)).contains("norm.weight")).isTrue();
    assertThat(LayerDecay.scale("pos_embed", 12, 0.65))
        .isEqualTo(LayerDecay.scale("patch_embed.proj.weight", 12, 0.65));
    assertThat(LayerDecay.scale("fc_norm.weight", 12, 0.65)).isEqualTo(1);
  }

  @Test
  void itLearnsABatchByHeart() {
    StepSettings settings = StepSettings.of(Models.OPTIM);
    try (ClassifierEngine engine =
        ClassifierEngine.open(spec(Pooling.MEAN), settings, TestBackend.ATEN_FP32.open())) {
      engine.initialize(new SplittableRandom(21));
      float[] targets = {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};
      LabelledBatch batch = new LabelledBatch(images(), targets, List.of());
      double loss = 0;
      for (int step = 1; step <= 60; step++) {
        loss = engine.step(batch, 5e-3, step);
      }
      assertThat(loss).isLessThan(0.05);
    }
  }
}
