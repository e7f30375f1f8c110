package org.longmae.model;

import org.longmae.conf.TransformerConfig;

/**
 * What a model costs: parameters, and multiply-adds of one image's forward pass. With T tokens, a
 * block of width D takes 12·T·D² for its matrices and 2·T²·D for attention; softmax, norms and GELU
 * are left out. These are the numbers that papers compare, so the patch embedding and the
 * prediction count all L patches, though this implementation computes fewer: see {@link StepCost}.
 *
 * @param encoderParameters trainable, with the patch embedding and the class token
 * @param decoderParameters trainable, with the decoder's embedding, mask token and prediction
 * @param patchEmbedding multiply-adds of embedding L patches
 * @param encoder of the encoder's blocks, on K + 1 tokens
 * @param decoderEmbedding of the map from encoder to decoder width
 * @param decoder of the decoder's blocks, on L + 1 tokens, or on fewer and the way there and back
 * @param prediction of predicting L patches
 * @param wholeEncoder of the encoder's blocks on all L + 1 tokens, as a picture's features take it
 */
public record CostModel(
    long encoderParameters,
    long decoderParameters,
    long patchEmbedding,
    long encoder,
    long decoderEmbedding,
    long decoder,
    long prediction,
    long wholeEncoder) {
  /** Forward and backward cost about three forwards. */
  private static final int FORWARDS_A_STEP = 3;

  /** Of one value of the state. */
  private static final int STATE_BYTES = 4;

  /** The cost of a model. */
  public static CostModel of(MaeSpec spec) {
    long patches = spec.patches();
    long visible = spec.keptPatches() + 1;
    long values = spec.patchValues();
    long width = spec.encoder().width();
    long decoderWidth = spec.decoder().width();
    long encoderParameters = 0;
    long decoderParameters = 0;
    for (ParameterLayout.Entry entry : ParameterLayout.of(spec).entries()) {
      if (entry.name().startsWith("decoder_") || entry.name().equals("mask_token")) {
        decoderParameters += entry.length();
      } else {
        encoderParameters += entry.length();
      }
    }
    return new CostModel(
        encoderParameters,
        decoderParameters,
        patches * values * width,
        blocks(spec.encoder(), visible),
        visible * width * decoderWidth,
        blocks(spec.decoder(), spec.decoderGrid().patches() + 1L) + resampling(spec),
        patches * decoderWidth * values,
        blocks(spec.encoder(), patches + 1));
  }

  private static long blocks(TransformerConfig transformer, long tokens) {
    long width = transformer.width();
    return transformer.depth() * (12 * tokens * width * width + 2 * tokens * tokens * width);
  }

  /** Multiply-adds of the convolutions that make the decoder's grid coarser and finer again. */
  static long resampling(MaeSpec spec) {
    long width = spec.decoder().width();
    boolean shrinks = spec.decoderDownsampling() > 1;
    boolean grows = spec.decoderDownsampling() > spec.predictionDownsampling();
    long rows = (shrinks ? spec.patches() : 0L) + (grows ? spec.predictionGrid().patches() : 0L);
    return rows * width * width;
  }

  /** All trainable parameters. */
  public long parameters() {
    return encoderParameters + decoderParameters;
  }

  /** Multiply-adds of one image's forward pass. */
  public long forwardMacs() {
    return patchEmbedding + encoder + decoderEmbedding + decoder + prediction;
  }

  /** Floating-point operations of one image's forward pass: two a multiply-add. */
  public long forwardFlops() {
    return 2 * forwardMacs();
  }

  /** Multiply-adds of encoding one image with nothing hidden. */
  public long featureMacs() {
    return patchEmbedding + wholeEncoder;
  }

  /** Floating-point operations of encoding one image with nothing hidden, as transfer does. */
  public long featureFlops() {
    return 2 * featureMacs();
  }

  /** Floating-point operations of one image in the encoder's blocks, forward. */
  public long encoderFlops() {
    return 2 * encoder;
  }

  /** Floating-point operations of one image in the decoder's blocks, forward. */
  public long decoderFlops() {
    return 2 * decoder;
  }

  /** Floating-point operations of one image's backward pass: each map has two products there. */
  public long backwardFlops() {
    return stepFlops() - forwardFlops();
  }

  /** Floating-point operations of one image in a training step, without the optimiser. */
  public long stepFlops() {
    return FORWARDS_A_STEP * forwardFlops();
  }

  /**
   * Bytes that a round sends: every worker hands in its state and takes the average back. One
   * worker exchanges nothing.
   *
   * @param workers W
   * @param moments whether the optimiser's two moments are averaged as well
   */
  public long exchangedBytes(int workers, boolean moments) {
    long state = STATE_BYTES * parameters() * (moments ? 3 : 1);
    return workers == 1 ? 0 : 2 * workers * state;
  }
}
