package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeInference;

/**
 * Reconstruction losses of blocks of a split, a sum a block. Masks depend on (seed, sample) alone,
 * so the figure of two models, or of one model at two epochs, is about the same hidden patches.
 */
final class MeanLoss implements FlatMapFunction<Iterator<SplitReader>, MeanLoss.Sum> {
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
  public Iterator<Sum> call(Iterator<SplitReader> blocks) throws IOException {
    Configuration configuration = hadoop.value().value();
    BatchMasks masks = new BatchMasks(model.config(), Purpose.HELD_OUT_MASK);
    List<Sum> sums = new ArrayList<>();
    try (MaeInference engine = model.autoencoder(configuration)) {
      while (blocks.hasNext()) {
        List<Float> losses = new ArrayList<>();
        blocks
            .next()
            .forEachBatch(
                configuration,
                batch -> {
                  int[] shuffles_BL = masks.of(batch.ids(), 0);
                  for (float loss : engine.losses(batch.images_BCHW(), shuffles_BL)) {
                    losses.add(loss);
                  }
                });
        sums.add(new Sum(losses.stream().mapToDouble(Float::doubleValue).sum(), losses.size()));
      }
    }
    return sums.iterator();
  }
}
