package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * The masked autoencoder's network.
 *
 * @param patchSize side p of a patch in pixels, 2 to 64
 * @param encoder the vision transformer that is kept after pre-training
 * @param decoder the small transformer that reconstructs hidden patches
 */
public record ModelConfig(int patchSize, TransformerConfig encoder, TransformerConfig decoder)
    implements Serializable {
  public ModelConfig {
    require(
        patchSize >= 2 && patchSize <= 64,
        "model.patch-size",
        "must be between 2 and 64 pixels but was %s",
        patchSize);
    encoder.check("model.encoder");
    decoder.check("model.decoder");
  }
}
