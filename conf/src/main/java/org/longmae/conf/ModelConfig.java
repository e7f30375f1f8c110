package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * The masked autoencoder's network.
 *
 * @param patchSize side p of a patch in pixels, 2 to 64
 * @param encoder the vision transformer that is kept after pre-training
 * @param decoder the small transformer that reconstructs hidden patches
 * @param decoderDownsampling side, in patches, of the squares that are one token to the decoder's
 *     blocks; a multiple of {@code predictionDownsampling} that divides the grid's sides; 1 gives
 *     every patch its token
 * @param predictionDownsampling side, in patches, of the squares that are predicted as one large
 *     patch; 1 predicts patches as they are embedded
 */
public record ModelConfig(
    int patchSize,
    TransformerConfig encoder,
    TransformerConfig decoder,
    int decoderDownsampling,
    int predictionDownsampling)
    implements Serializable {
  public ModelConfig {
    require(
        patchSize >= 2 && patchSize <= 64,
        "model.patch-size",
        "must be between 2 and 64 pixels but was %s",
        patchSize);
    encoder.check("model.encoder");
    decoder.check("model.decoder");
    require(
        decoderDownsampling >= 1,
        "model.decoder-downsampling",
        "must be at least 1 but was %s",
        decoderDownsampling);
    require(
        predictionDownsampling >= 1,
        "model.prediction-downsampling",
        "must be at least 1 but was %s",
        predictionDownsampling);
    require(
        decoderDownsampling % predictionDownsampling == 0,
        List.of("model.decoder-downsampling", "model.prediction-downsampling"),
        "must be a multiple of model.prediction-downsampling (%s) but was %s",
        predictionDownsampling,
        decoderDownsampling);
  }

  /** The same network on patches of another size. */
  ModelConfig withPatchSize(int side) {
    return new ModelConfig(side, encoder, decoder, decoderDownsampling, predictionDownsampling);
  }
}
