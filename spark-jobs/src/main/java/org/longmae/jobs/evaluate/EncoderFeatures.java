package org.longmae.jobs.evaluate;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.EvaluateConfig;
import org.longmae.conf.ImageConfig;
import org.longmae.data.load.Batch;
import org.longmae.model.EncoderEngine;

/** Features of an encoder at the transfer length. */
record EncoderFeatures(ModelSource model) implements Describer {
  private static final long serialVersionUID = 1L;

  @Override
  public ImageConfig image() {
    return model.config().transferImage();
  }

  @Override
  public Open open(Configuration hadoop) throws IOException {
    EvaluateConfig evaluate = model.config().evaluate();
    int depth = model.config().model().encoder().depth();
    int blocks = evaluate.layer() == 0 ? depth : evaluate.layer();
    EncoderEngine engine = model.encoder(hadoop);
    return new Open() {
      @Override
      public float[] features(Batch batch) {
        return engine.features(batch.images_BCHW(), evaluate.pooling(), blocks);
      }

      @Override
      public void close() {
        engine.close();
      }
    };
  }
}
