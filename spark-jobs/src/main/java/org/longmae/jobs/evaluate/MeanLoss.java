package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeInference;

/**
 * Reconstruction losses of a task's part of a split. Masks depend on (seed, sample) alone, so the
 * figure of two models, or of one model at two epochs, is about the same hidden patches.
 */
final class MeanLoss implements Function<SplitReader, MeanLoss.Sum> {
  private static final long serialVersionUID = 1L;

  /** Losses added up over some pictures. */
  record Sum(double losses, long pictures) implements Serializable {
    Sum plus(Sum other) {
      return new Sum(losses + other.losses, pictures + other.pictures);
    }

    double mean() {
      return losses / pictures;
    }
  }

  private final Broadcast<SerializableConfiguration> hadoop;
  private final ModelSource model;

  MeanLoss(Broadcast<SerializableConfiguration> hadoop, ModelSource model) {
    this.hadoop = hadoop;
    this.model = model;
  }

  @Override
  public Sum call(SplitReader split) throws IOException {
    BatchMasks masks = new BatchMasks(model.config(), Purpose.HELD_OUT_MASK);
    double sum = 0;
    long pictures = 0;
    try (MaeInference engine = model.autoencoder(hadoop.value().value());
        EvaluationLoader loader = split.open(hadoop.value().value())) {
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        Batch batch = next.get();
        for (float loss : engine.losses(batch.images_BCHW(), masks.of(batch.ids(), 0))) {
          sum += loss;
        }
        pictures += batch.size();
      }
    }
    return new Sum(sum, pictures);
  }
}
