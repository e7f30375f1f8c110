package org.longmae.jobs.evaluate;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.longmae.conf.ImageConfig;
import org.longmae.data.load.Batch;

/** What is made of pictures before a classifier sees them: an encoder's features, or pixels. */
sealed interface Describer extends Serializable permits EncoderFeatures, RawPixels {
  /** How pictures are read for it. */
  ImageConfig image();

  /** Opens it in a task; the caller closes it. */
  Open open(Configuration hadoop) throws IOException;

  /** One that is open, used by one thread. */
  interface Open extends AutoCloseable {
    /** The features of each picture, [B, D]. */
    float[] features(Batch batch);

    @Override
    void close();
  }
}
