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
import org.longmae.data.load.Batch;

/** Features of the labelled pictures of blocks of a split; others are passed over. */
final class Describe implements FlatMapFunction<Iterator<SplitReader>, Labelled> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final Describer describer;

  Describe(Broadcast<SerializableConfiguration> hadoop, Describer describer) {
    this.hadoop = hadoop;
    this.describer = describer;
  }

  @Override
  public Iterator<Labelled> call(Iterator<SplitReader> blocks) throws IOException {
    Configuration configuration = hadoop.value().value();
    List<Labelled> rows = new ArrayList<>();
    try (Describer.Open open = describer.open(configuration)) {
      while (blocks.hasNext()) {
        blocks
            .next()
            .forEachBatch(configuration, batch -> addLabelled(batch, open.features(batch), rows));
      }
    }
    return rows.iterator();
  }

  private static void addLabelled(Batch batch, float[] features_BD, List<Labelled> rows) {
    int width = features_BD.length / batch.size();
    for (int b = 0; b < batch.size(); b++) {
      if (batch.labels()[b] >= 0) {
        float[] row = Arrays.copyOfRange(features_BD, b * width, (b + 1) * width);
        rows.add(new Labelled(batch.ids()[b], batch.labels()[b], row));
      }
    }
  }
}
