package org.longmae.model;

import java.io.Serializable;
import org.longmae.conf.EvaluateConfig.Pooling;
import org.longmae.conf.FinetuneConfig;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;

/**
 * The shape of a classifier on an encoder.
 *
 * @param encoder at the length that it is fine-tuned at
 * @param classes G
 * @param pooling which tokens the classes are read off
 */
public record ClassifierSpec(EncoderSpec encoder, int classes, Pooling pooling)
    implements Serializable {
  public ClassifierSpec {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2 but were " + classes);
    }
  }

  /**
   * The classifier of a run that fine-tunes; its positions are those of what it starts from.
   *
   * @param classes of its pictures
   */
  public static ClassifierSpec of(RunConfig run, int classes) {
    FinetuneConfig.Start start = run.finetune().start();
    Grid grid = new Grid(run.gridRows(), run.gridCols());
    ImageSize size = start.imageSize();
    Grid trained = new Grid(size.height() / start.patchSize(), size.width() / start.patchSize());
    EncoderSpec encoder =
        new EncoderSpec(
            run.image().channels(),
            grid,
            start.weights().isEmpty() ? grid : trained,
            run.model().patchSize(),
            run.model().encoder());
    return new ClassifierSpec(encoder, classes, run.finetune().pooling());
  }

  /** The norm before the head: of mean tokens a new one, of the class token the encoder's own. */
  String normName() {
    return switch (pooling) {
      case MEAN -> "fc_norm";
      case CLASS -> "norm";
    };
  }
}
