package org.longmae.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final Config REFERENCE =
      ConfigFactory.parseResources(ConfigLoader.class, "reference.conf");

  @Test
  void everyConfigComponentHasADocumentedDefault() {
    for (String key : Schema.keys()) {
      assertThat(REFERENCE.hasPath(key)).as("default of %s", key).isTrue();
      boolean own = !REFERENCE.getValue(key).origin().comments().isEmpty();
      int dot = key.lastIndexOf('.');
      boolean section =
          dot > 0 && !REFERENCE.getValue(key.substring(0, dot)).origin().comments().isEmpty();
      boolean neighbour = key.matches("image.std|optim.(beta2|epsilon|weight-decay)");
      assertThat(own || section || neighbour).as("comment above %s", key).isTrue();
    }
  }

  @Test
  void everyDefaultBelongsToAComponent() {
    REFERENCE
        .entrySet()
        .forEach(entry -> assertThat(Schema.keys()).contains(keyOrPoints(entry.getKey())));
  }

  private static String keyOrPoints(String key) {
    return key.startsWith("sweep.") ? "seed" : key;
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, 2",
    "vit-ti, 0",
    "vit-s, 0",
    "vit-b, 0",
    "vit-l, 0",
    "vit-h, 0",
    "figure3, 20",
    "mask-size, 3",
    "image-size-vs-patch-size, 7",
    "mask-ratio, 5",
    "decoder, 4",
    "studies/cifar10-length, 13",
    "studies/cifar10-length-flops, 6"
  })
  void presetsLoad(String preset, int points) {
    ConfigLoader loader = new ConfigLoader().preset(preset);
    assertThat(loader.run().sequenceLength()).isPositive();
    assertThat(loader.points()).hasSize(points).doesNotHaveDuplicates();
  }

  @Test
  void everyPresetIsTried() {
    assertThat(ConfigLoader.PRESETS).hasSize(13);
  }

  // Both models at the lengths of the paper's figure, once by the picture's size and once by the
  // patch's.
  @Test
  void figure3HasThePapersLengths() {
    List<RunConfig> points = new ConfigLoader().preset("figure3").points();
    assertThat(points.stream().map(RunConfig::sequenceLength).distinct())
        .containsExactlyInAnyOrder(196, 400, 576, 784, 1024);
    assertThat(points.stream().map(point -> point.model().encoder().width()).distinct())
        .containsExactlyInAnyOrder(768, 1024);
    assertThat(points.stream().map(RunConfig::transferLength).distinct()).hasSize(1);
  }

  @Test
  void axesMakeAGridAndPointsFollow() {
    SweepConfig sweep =
        new ConfigLoader()
            .set("sweep.axes=[[{seed=1},{seed=2}],[{mask.unit=1},{mask.unit=2,image.size=224}]]")
            .set("sweep.points=[{seed=9}]")
            .set("sweep.parallel=2")
            .set("sweep.budget=flops")
            .sweep();
    assertThat(sweep.points().stream().map(point -> point.seed() + "/" + point.sequenceLength()))
        .containsExactly("1/784", "1/196", "2/784", "2/196", "9/784");
    assertThat(sweep.parallel()).isEqualTo(2);
    assertThat(sweep.budget()).isEqualTo(SweepConfig.Budget.FLOPS);
  }

  @ParameterizedTest
  @CsvSource({
    "sweep.axes=[{seed=1}], sweep.axes must be a list of lists",
    "sweep.axes=[[3]], sweep.axes must be a list of objects but had 3",
    "sweep.parallel=0, sweep.parallel must be at least 1",
    "sweep.budget=money, sweep.budget must be one of",
    "sweep.paralel=2, unknown key sweep.paralel"
  })
  void wrongSweepsAreRefusedByTheirKey(String setting, String message) {
    ConfigLoader loader = new ConfigLoader().set(setting);
    assertThatThrownBy(loader::sweep)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  // What fine-tuning takes from where: the transfer length, its own recipe, the run's all else.
  @Test
  void aFineTuningRunIsMadeOfThePreTrainingOne() {
    RunConfig run =
        new ConfigLoader()
            .set("evaluate.image-size=224")
            .set("evaluate.patch-size=8")
            .set("mask.unit=4")
            .run();
    RunConfig tuned = run.finetuned("file:/w.safetensors");
    assertThat(tuned.sequenceLength()).isEqualTo(784);
    assertThat(tuned.model().patchSize()).isEqualTo(8);
    assertThat(tuned.finetune().start())
        .isEqualTo(new FinetuneConfig.Start("file:/w.safetensors", ImageSize.square(448), 16));
    assertThat(tuned.learningRate()).isEqualTo(5e-4 * 64 / 256);
    assertThat(tuned.optim().layerDecay()).isEqualTo(0.65);
    assertThat(tuned.train().epochs()).isEqualTo(100);
    assertThat(tuned.image().minCrop()).isEqualTo(0.08);
    assertThat(new ConfigLoader().text(ConfigLoader.render(tuned), "config.conf").run())
        .isEqualTo(tuned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[448, 224]", "448x224"})
  void imageSizeMayBeARectangle(String size) {
    RunConfig run = new ConfigLoader().set("image.size=" + size).run();
    assertThat(run.image().size()).isEqualTo(new ImageSize(448, 224));
    assertThat(run.gridRows()).isEqualTo(28);
    assertThat(run.gridCols()).isEqualTo(14);
    assertThat(run.sequenceLength()).isEqualTo(392);
    assertThat(new ConfigLoader().text(ConfigLoader.render(run), "config.conf").run())
        .isEqualTo(run);
  }

  // Run directories of before hold one number: it must stay one, and compare equal.
  @Test
  void aSquareSizeIsWrittenAsOneNumber() {
    RunConfig run = new ConfigLoader().run();
    assertThat(ConfigLoader.render(run)).containsPattern("size *[=:] *448\\n");
    RunConfig listed = new ConfigLoader().set("image.size=[448,448]").run();
    assertThat(ConfigLoader.differences(run, listed, List.of())).isEmpty();
    RunConfig wide = new ConfigLoader().set("image.size=[448,896]").run();
    assertThat(ConfigLoader.differences(run, wide, List.of()))
        .containsExactly("image.size: 448, not [448, 896]");
  }

  // A unit that fits along one side only would hide more than the picture is high.
  @Test
  void maskUnitMustFitTheShorterSide() {
    ConfigLoader loader = new ConfigLoader().set("image.size=[32,448]").set("mask.unit=3");
    assertThatThrownBy(loader::run)
        .hasMessageContaining("mask.unit must be at most the grid's shorter side (2 patches)");
    assertThat(loader.set("mask.unit=2").run().keptPatches()).isEqualTo(14);
  }

  @Test
  void greyPicturesHaveOneMean() {
    ConfigLoader loader = new ConfigLoader().set("image.channels=1");
    assertThatThrownBy(loader::run).hasMessageStartingWith("[--set image.channels=1] image.mean");
    assertThatThrownBy(() -> loader.set("image.mean=[0.449]").run())
        .hasMessageContaining("image.std must have one value a channel (1) but had 3; for grey");
    assertThat(loader.set("image.std=[0.226]").run().image().channels()).isEqualTo(1);
  }

  // What is called nearest must itself be legal: a multiple below 8 or above 4096 is not.
  @ParameterizedTest
  @CsvSource({"6, 8, 12", "14, 4096, 4088", "64, 100, 128", "24, 100, 96"})
  void theNearestSizeIsLegal(int patch, int size, int nearest) {
    ConfigLoader loader = new ConfigLoader().set("model.patch-size=" + patch).set("mask.unit=1");
    assertThatThrownBy(() -> loader.set("image.size=" + size).run())
        .hasMessageEndingWith("nearest: " + nearest);
    assertThat(loader.set("image.size=" + nearest).run().gridRows()).isEqualTo(nearest / patch);
  }

  @Test
  void defaultsAreThePapersLongSequence() {
    RunConfig run = new ConfigLoader().run();
    assertThat(run.sequenceLength()).isEqualTo(784);
    assertThat(run.keptPatches()).isEqualTo(196);
    assertThat(run.learningRate()).isEqualTo(1.5e-4 * 64 / 256);
  }

  @Test
  void laterLayersWin() {
    RunConfig run =
        new ConfigLoader()
            .preset("tiny")
            .text("train { batch = 7 }\nseed = 3", "my.conf")
            .set("seed=4")
            .set("data.shards=hdfs://host:9000/a//b c")
            .set("compute.precision=fp32")
            .run();
    assertThat(run.train().batch()).isEqualTo(7);
    assertThat(run.seed()).isEqualTo(4);
    assertThat(run.data().shards()).isEqualTo("hdfs://host:9000/a//b c");
    assertThat(run.compute().precision()).isEqualTo(ComputeConfig.Precision.FP32);
  }

  @Test
  void pointsOverrideTheRun() {
    List<RunConfig> points = new ConfigLoader().preset("tiny").set("seed=9").points();
    assertThat(points).extracting(RunConfig::sequenceLength).containsExactly(64, 256);
    assertThat(points).extracting(RunConfig::seed).containsOnly(9L);
  }

  // A resumed run compares its stored configuration with the new one: rendering must lose nothing.
  @ParameterizedTest
  @ValueSource(strings = {"tiny", "vit-b", "vit-h"})
  void renderedConfigurationReadsBackEqual(String preset) {
    RunConfig run =
        new ConfigLoader().preset(preset).set("data.shards=file:///a b/\"c\"").set("seed=-5").run();
    assertThat(new ConfigLoader().text(ConfigLoader.render(run), "config.conf").run())
        .isEqualTo(run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "seeed=1|[--set seeed=1] unknown key seeed; did you mean seed?",
        "train.bach=1|[--set train.bach=1] unknown key train.bach; did you mean train.batch?",
        "train.batch=many|train.batch must be a whole number but was \"many\"",
        "train.batch=1.5|train.batch must be a whole number but was 1.5",
        "train.batch=0|train.batch must be at least 1 but was 0",
        "train.micro-batch=65|train.micro-batch must be between 0 (all at once) and train.batch (64)",
        "train.recompute=all|train.recompute must be one of [none, attention, block]",
        "train.batch=99999999999|train.batch must be a whole number but was 99999999999",
        "image.size=100|image.size must be divisible by model.patch-size (16) but was 100",
        "image.size=16000|image.size must be between 8 and 4096 but was 16000; nearest: 4096",
        "image.size=[448,4]|image.size must be between 8 and 4096 but was 448x4; nearest: 448x8",
        "image.size=[448,100]|must be divisible by model.patch-size (16) but was 448x100; nearest: 448x96",
        "image.size=[448]|image.size must be a whole number or [height, width] but was [448]",
        "image.size=[1,2,3]|image.size must be a whole number or [height, width] but was [1,2,3]",
        "image.size=[448,2.5]|image.size must be a whole number but was 2.5",
        "image.size=448x|image.size must be a whole number or [height, width] but was \"448x\"",
        "image.size={height=448}|image.size",
        "image.channels=4|image.channels must be 3 (pictures are decoded to RGB) or 1 (to grey levels) but was 4",
        "image.channels=1|image.mean must have one value a channel (1) but had 3; for grey set image.mean = [0.449] and image.std = [0.226]",
        "image.mean=[0.5]|image.mean must have one value a channel (3) but had 1",
        "image.std=[1,1,0]|image.std must be positive",
        "image.flip=maybe|image.flip must be true or false but was \"maybe\"",
        "model.encoder.heads=7|model.encoder.width must be divisible by heads (7) but was 768",
        "model.encoder.width=770|model.encoder.width must be a positive multiple of 4",
        "model.decoder.depth=0|model.decoder.depth must be at least 1 but was 0",
        "model.encoder=5|model.encoder must be a section but was 5",
        "model.decoder-downsampling=0|model.decoder-downsampling must be at least 1 but was 0",
        "model.prediction-downsampling=2|model.decoder-downsampling must be a multiple of"
            + " model.prediction-downsampling (2) but was 1",
        "model.decoder-downsampling=3|model.decoder-downsampling must divide both sides of the grid (28"
            + " x 28 patches) but was 3",
        "mask.ratio=1.0|mask.ratio must be in (0, 1) but was 1.0",
        "mask.ratio=0.9999|mask.ratio must leave between 1 and 783 of 784 patches visible",
        "mask.unit=29|mask.unit must be at most the grid's shorter side (28 patches) but was 29",
        "optim.warmup-epochs=801|optim.warmup-epochs must be at most train.epochs (800)",
        "optim.beta2=1|optim.beta2 must be in [0, 1) but was 1.0",
        "optim.clip-norm=-1|optim.clip-norm must be at least 0 (off) but was -1.0",
        "optim.ema-decay=1|optim.ema-decay must be in [0, 1) but was 1.0",
        "optim.layer-decay=0|optim.layer-decay must be in (0, 1] but was 0.0",
        "compute.backend=cuda|compute.backend must be one of [auto, nd4j, aten] but was \"cuda\"",
        "train.workers=65|train.workers must be between 0 (follow the cluster) and train.batch (64) but was 65",
        "averaging.strategy=sum|averaging.strategy must be one of [mean, slowmo, diloco] but was \"sum\"",
        "averaging.slowmo.rate=0|averaging.slowmo.rate must be positive but was 0.0",
        "averaging.diloco.momentum=1|averaging.diloco.momentum must be in [0, 1) but was 1.0",
        "averaging.warmup-steps=0|averaging.warmup-steps must be at least 1 but was 0",
        "averaging.quadratic-rate=0|averaging.quadratic-rate must be positive but was 0.0",
        "fault=anywhere@3|fault must be empty or point@round, with one of [load, train, send, write, metrics, commit, prune], but was \"anywhere@3\"",
        "fault=train|fault must be empty or point@round",
        "checkpoint.lease-seconds=0|checkpoint.lease-seconds must be at least 1 but was 0",
        "data.held-out=0.9|data.held-out must be in [0, 0.5] but was 0.9",
        "sweep.points=5|sweep.points must be a list but was 5",
        "sweep.points=[{image.sise=4}]|unknown key image.sise; did you mean image.size?",
        "sweep.points=[{image.size=100}]|image.size must be divisible by model.patch-size (16)",
      })
  void wrongSettingsAreRefusedWithKeyRuleValueAndPlace(String setting, String message) {
    ConfigLoader loader = new ConfigLoader();
    assertThatThrownBy(
            () -> {
              loader.set(setting);
              loader.points();
              loader.run();
            })
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("[")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFilesErrorNamesFileAndLine() {
    ConfigLoader loader = new ConfigLoader().text("train {\n  batch = 0\n}", "runs/my.conf");
    assertThatThrownBy(loader::run)
        .hasMessage("[runs/my.conf:2] train.batch must be at least 1 but was 0");
    ConfigLoader typo = new ConfigLoader().text("\n\ntrain.epoch = 1", "my.conf");
    assertThatThrownBy(typo::run)
        .hasMessage("[my.conf:3] unknown key train.epoch; did you mean train.epochs?");
  }

  // The rule is about two keys; the place must be that of the one that somebody set.
  @Test
  void thePlaceIsThatOfTheKeySomebodySet() {
    assertThatThrownBy(() -> new ConfigLoader().set("model.encoder.heads=7").run())
        .hasMessage(
            "[--set model.encoder.heads=7] model.encoder.width must be divisible by heads (7) but"
                + " was 768");
    assertThatThrownBy(() -> new ConfigLoader().set("train.epochs=3").run())
        .hasMessageStartingWith("[--set train.epochs=3] optim.warmup-epochs must be at most");
  }

  @Test
  void textThatIsNoHoconIsRefusedWithItsPlace() {
    ConfigLoader loader = new ConfigLoader();
    assertThatThrownBy(() -> loader.text("a {\n b = \n", "my.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("my.conf");
    assertThatThrownBy(() -> loader.set("nothing")).hasMessageContaining("key=value");
    assertThatThrownBy(() -> loader.preset("vit-x"))
        .hasMessageContaining("must be one of")
        .hasMessageContaining("vit-x");
  }

  @Test
  void differencesNameTheKeyAndBothValues() {
    RunConfig one = new ConfigLoader().run();
    RunConfig other = new ConfigLoader().set("train.batch=32").set("seed=1").run();
    assertThat(ConfigLoader.differences(one, other, List.of()))
        .containsExactly("seed: 0, not 1", "train.batch: 64, not 32");
    assertThat(ConfigLoader.differences(one, other, List.of("seed", "train."))).isEmpty();
  }
}
