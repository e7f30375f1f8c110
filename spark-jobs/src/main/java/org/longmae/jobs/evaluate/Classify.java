package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.ClassifierInference;
import org.longmae.model.ClassifierSpec;

/** What a fine-tuned classifier says of the labelled pictures of blocks of a split. */
final class Classify implements FlatMapFunction<Iterator<SplitReader>, Answer> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunConfig config;
  private final String weights;
  private final int classes;
  private final int threads;

  /**
   * A classifier.
   *
   * @param config of the run that fine-tuned it
   * @param weights URI of its checkpoint
   */
  Classify(
      Broadcast<SerializableConfiguration> hadoop,
      RunConfig config,
      String weights,
      int classes,
      int threads) {
    this.hadoop = hadoop;
    this.config = config;
    this.weights = weights;
    this.classes = classes;
    this.threads = threads;
  }

  @Override
  public Iterator<Answer> call(Iterator<SplitReader> blocks) throws IOException {
    Configuration configuration = hadoop.value().value();
    List<Answer> answers = new ArrayList<>();
    ClassifierSpec spec = ClassifierSpec.of(config, classes);
    try (ClassifierInference model = ClassifierInference.open(spec, config.compute(), threads)) {
      Path file = new Path(weights);
      Safetensors.read(file.getFileSystem(configuration), file, model.layout(), model::write);
      while (blocks.hasNext()) {
        blocks
            .next()
            .forEachBatch(
                configuration,
                batch -> addLabelled(batch, model.scores(batch.images_BCHW()), answers));
      }
    }
    return answers.iterator();
  }

  private void addLabelled(Batch batch, float[] scores_BG, List<Answer> answers) {
    for (int b = 0; b < batch.size(); b++) {
      if (batch.labels()[b] >= 0) {
        answers.add(Answer.of(batch.labels()[b], row(scores_BG, b)));
      }
    }
  }

  private double[] row(float[] scores_BG, int image) {
    double[] row = new double[classes];
    for (int g = 0; g < classes; g++) {
      row[g] = scores_BG[image * classes + g];
    }
    return row;
  }
}
