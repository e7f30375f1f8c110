package org.longmae.model;

import java.util.List;
import java.util.Optional;
import org.longmae.model.layer.Downsample;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.TransformerBlock;
import org.longmae.model.layer.Upsample;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * All weights of a masked autoencoder, as parts of two flat vectors: layer norms are read from the
 * one of the state's type, all else from the one of the compute type. A gradient has the same type.
 *
 * @param downsample where the decoder works on a coarser grid
 * @param upsample where it predicts on a finer grid than it works on
 */
record MaeParameters(
    Encoder.Params encoder,
    Linear.Params decoderEmbedding,
    Tensor maskToken_E,
    Optional<Downsample.Params> downsample,
    List<TransformerBlock.Params> decoder,
    Optional<Upsample.Params> upsample,
    LayerNorm.Params decoderNorm,
    Linear.Params prediction) {

  /**
   * Cuts the vectors.
   *
   * @param state the layout's elements from {@code stateFrom} on, of the state's type
   * @param stateFrom at most layout.linearSize()
   * @param compute at least layout.linearSize() elements of the compute type; {@code state} itself
   *     where the types are equal
   */
  static MaeParameters of(
      Ops ops, MaeSpec spec, ParameterLayout layout, Tensor state, long stateFrom, Tensor compute) {
    ParameterCutter cutter = new ParameterCutter(ops, layout, state, stateFrom, compute);
    return new MaeParameters(
        cutter.encoder(spec.encoder().depth()),
        cutter.linear("decoder_embed"),
        cutter.vector("mask_token"),
        cutter.cells(ParameterLayout.DOWNSAMPLE, Downsample.Params::new),
        cutter.blocks("decoder_blocks", spec.decoder().depth()),
        cutter.cells(ParameterLayout.UPSAMPLE, Upsample.Params::new),
        cutter.norm("decoder_norm"),
        cutter.linear("decoder_pred"));
  }

  /** The encoder's weights in vectors of whole layouts, of which it may be a part. */
  static Encoder.Params encoder(
      Ops ops, EncoderSpec spec, ParameterLayout layout, Tensor state, Tensor compute) {
    return new ParameterCutter(ops, layout, state, 0, compute).encoder(spec.encoder().depth());
  }
}
