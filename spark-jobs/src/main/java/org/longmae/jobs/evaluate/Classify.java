package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.longmae.conf.RunConfig;
import org.longmae.data.load.Batch;
import org.longmae.data.load.EvaluationLoader;
import org.longmae.jobs.run.Safetensors;
import org.longmae.model.ClassifierInference;
import org.longmae.model.ClassifierSpec;

/** What a fine-tuned classifier says of the labelled pictures of a task's part of a split. */
final class Classify implements FlatMapFunction<SplitReader, Answer> {
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
  public Iterator<Answer> call(SplitReader split) throws IOException {
    Configuration configuration = hadoop.value().value();
    List<Answer> answers = new ArrayList<>();
    ClassifierSpec spec = ClassifierSpec.of(config, classes);
    try (ClassifierInference model = ClassifierInference.open(spec, config.compute(), threads);
        EvaluationLoader loader = split.open(configuration)) {
      Path file = new Path(weights);
      Safetensors.read(file.getFileSystem(configuration), file, model.layout(), model::write);
      for (Optional<Batch> next = loader.next(); next.isPresent(); next = loader.next()) {
        float[] scores_BG = model.scores(next.get().images_BCHW());
        for (int b = 0; b < next.get().size(); b++) {
          if (next.get().labels()[b] >= 0) {
            answers.add(Answer.of(next.get().labels()[b], row(scores_BG, b)));
          }
        }
      }
    }
    return answers.iterator();
  }

  private double[] row(float[] scores_BG, int image) {
    double[] row = new double[classes];
    for (int g = 0; g < classes; g++) {
      row[g] = scores_BG[image * classes + g];
    }
    return row;
  }
}
