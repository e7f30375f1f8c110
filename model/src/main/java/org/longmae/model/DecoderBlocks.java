package org.longmae.model;

import org.longmae.model.layer.Forward;
import org.longmae.model.ops.Tensor;

/**
 * The decoder between the tokens of all patches and the features that pixels are predicted from:
 * the transformer blocks, on every patch ({@link FineDecoder}) or on a coarser grid ({@link
 * CoarseDecoder}).
 */
sealed interface DecoderBlocks permits FineDecoder, CoarseDecoder {
  /** What backward needs, known to the one that made it. */
  interface Saved {}

  /**
   * Returns the features of the rows that are scored.
   *
   * @param intoTokens_RE class token and all patches of each image, without positions; overwritten
   */
  Forward<Saved> forward(Tensor intoTokens_RE, TokenOrder order, MaeParameters p);

  /** Returns dTokens_RE and sets {@code grad}; overwrites {@code intoDFeatures_SE}. */
  Tensor backward(Tensor intoDFeatures_SE, Saved saved, MaeParameters p, MaeParameters grad);

  /**
   * Returns features, keeping nothing for a backward.
   *
   * @param all of every patch that can be predicted, in the grid's order; else of the scored rows
   */
  Tensor infer(Tensor intoTokens_RE, TokenOrder order, MaeParameters p, boolean all);
}
