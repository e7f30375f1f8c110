package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeEngine;

/**
 * Mean reconstruction loss of a split. Masks depend on (seed, sample) alone, so the figure of two
 * models, or of one model at two epochs, is about the same hidden patches.
 */
final class MeanLoss implements Function<SplitReader, Double> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final ModelSource model;

  MeanLoss(Broadcast<SerializableConfiguration> hadoop, ModelSource model) {
    this.hadoop = hadoop;
    this.model = model;
  }

  @Override
  public Double call(SplitReader split) throws IOException {
    BatchMasks masks = new BatchMasks(model.config(), Purpose.HELD_OUT_MASK);
    double sum = 0;
    long pictures = 0;
    try (MaeEngine engine = model.open(hadoop.value().value());
        EvaluationLoader loader = split.open(hadoop.value().value())) {
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        Batch batch = next.get();
        for (float loss : engine.losses(batch.images_BCHW(), masks.of(batch.ids(), 0))) {
          sum += loss;
        }
        pictures += batch.size();
      }
    }
    return sum / pictures;
  }
}
