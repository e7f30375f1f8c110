package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.data.load.Batch;
import org.longmae.jobs.train.BatchMasks;
import org.longmae.model.MaeInference;

/** Pictures of a split with their held-out masks, the model's predictions and attention. */
final class Examples implements FlatMapFunction<Iterator<SplitReader>, Example> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final ModelSource model;

  Examples(Broadcast<SerializableConfiguration> hadoop, ModelSource model) {
    this.hadoop = hadoop;
    this.model = model;
  }

  @Override
  public Iterator<Example> call(Iterator<SplitReader> blocks) throws IOException {
    Configuration configuration = hadoop.value().value();
    BatchMasks masks = new BatchMasks(model.config(), Purpose.HELD_OUT_MASK);
    List<Example> examples = new ArrayList<>();
    try (MaeInference engine = model.autoencoder(configuration)) {
      while (blocks.hasNext()) {
        blocks
            .next()
            .forEachBatch(
                configuration, batch -> add(batch, masks.of(batch.ids(), 0), engine, examples));
      }
    }
    return examples.iterator();
  }

  private static void add(
      Batch batch, int[] shuffles_BL, MaeInference engine, List<Example> examples) {
    float[] predictions_BLV = engine.predictions(batch.images_BCHW(), shuffles_BL);
    float[] attention_BL = engine.attention(batch.images_BCHW());
    for (int b = 0; b < batch.size(); b++) {
      examples.add(
          new Example(
              part(batch.images_BCHW(), b, batch.size()),
              part(predictions_BLV, b, batch.size()),
              part(shuffles_BL, b, batch.size()),
              part(attention_BL, b, batch.size())));
    }
  }

  private static float[] part(float[] all, int index, int count) {
    int length = all.length / count;
    return Arrays.copyOfRange(all, index * length, (index + 1) * length);
  }

  private static int[] part(int[] all, int index, int count) {
    int length = all.length / count;
    return Arrays.copyOfRange(all, index * length, (index + 1) * length);
  }
}
