package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.model.MaeEngine;

/** Features of the labelled pictures of a split: the mean of the encoder's patch tokens. */
final class Features implements FlatMapFunction<SplitReader, LabelledFeatures> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final ModelSource model;

  Features(Broadcast<SerializableConfiguration> hadoop, ModelSource model) {
    this.hadoop = hadoop;
    this.model = model;
  }

  @Override
  public Iterator<LabelledFeatures> call(SplitReader split) throws IOException {
    List<LabelledFeatures> rows = new ArrayList<>();
    try (MaeEngine engine = model.open(hadoop.value().value());
        EvaluationLoader loader = split.open(hadoop.value().value())) {
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        addLabelled(next.get(), engine, rows);
      }
    }
    return rows.iterator();
  }

  private static void addLabelled(Batch batch, MaeEngine engine, List<LabelledFeatures> rows) {
    float[] features_BD = engine.features(batch.images_BCHW());
    int width = features_BD.length / batch.size();
    for (int b = 0; b < batch.size(); b++) {
      if (batch.labels()[b] >= 0) {
        float[] row = Arrays.copyOfRange(features_BD, b * width, (b + 1) * width);
        rows.add(new LabelledFeatures(batch.labels()[b], row));
      }
    }
  }
}
