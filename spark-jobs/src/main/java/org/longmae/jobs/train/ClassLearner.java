package org.longmae.jobs.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.FinetuneConfig;
import org.longmae.conf.Randomness;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.jobs.run.EncoderWeights;
import org.longmae.model.ClassifierEngine;
import org.longmae.model.ClassifierSpec;
import org.longmae.model.EncoderSpec;
import org.longmae.model.LabelledBatch;
import org.longmae.model.MixedBatch;
import org.longmae.model.StateVector;
import org.longmae.model.StochasticDepth;
import org.longmae.model.TrainingEngine;

/**
 * Fine-tuning: a classifier that starts from a checkpoint's encoder or from random weights. How a
 * batch is mixed is keyed by its epoch and first sample, so that it depends on how many workers
 * share a batch; which branches a sample passes by, by epoch and sample.
 */
final class ClassLearner implements Learner {
  private final Configuration hadoop;
  private final RunConfig config;
  private final ClassifierSpec spec;
  private final MixedBatch mixing;
  private final ClassifierEngine engine;

  ClassLearner(Configuration hadoop, RunConfig config, int classes, int threads, int device) {
    this.hadoop = hadoop;
    this.config = config;
    FinetuneConfig recipe = config.finetune();
    spec = ClassifierSpec.of(config, classes);
    mixing = new MixedBatch(classes, recipe.labelSmoothing(), recipe.mixup(), recipe.cutmix());
    engine = ClassifierEngine.open(config, classes, threads, device);
  }

  @Override
  public TrainingEngine engine() {
    return engine;
  }

  @Override
  public void initialize() throws IOException {
    engine.initialize(config.randomness().stream(Purpose.WEIGHTS, 0, 0));
    FinetuneConfig.Start start = config.finetune().start();
    if (start.weights().isEmpty()) {
      return;
    }
    EncoderSpec here = spec.encoder();
    EncoderSpec trained =
        new EncoderSpec(
            here.channels(), here.positions(), here.positions(), start.patchSize(), here.encoder());
    Path file = new Path(start.weights());
    EncoderWeights.read(
        file.getFileSystem(hadoop),
        file,
        trained,
        engine.layout(),
        here.patchSize(),
        (offset, piece) -> engine.write(StateVector.PARAMETERS, offset, piece));
  }

  @Override
  public double step(Batch batch, int epoch, double rate, long t) {
    return engine.step(labelled(batch, epoch), rate, t);
  }

  private LabelledBatch labelled(Batch batch, int epoch) {
    Randomness randomness = config.randomness();
    RandomGenerator mix = randomness.stream(Purpose.MIX, epoch, batch.ids()[0]);
    List<RandomGenerator> streams =
        Arrays.stream(batch.ids())
            .mapToObj(id -> randomness.stream(Purpose.DROP_PATH, epoch, id))
            .toList();
    int depth = spec.encoder().encoder().depth();
    int height = config.image().size().height();
    int width = config.image().size().width();
    return mixing
        .of(batch.images_BCHW(), batch.labels(), height, width, mix)
        .along(StochasticDepth.draw(depth, config.finetune().dropPath(), streams));
  }

  @Override
  public void close() {
    engine.close();
  }
}
