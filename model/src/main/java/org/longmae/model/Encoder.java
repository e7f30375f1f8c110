package org.longmae.model;

import java.util.List;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.Rows;
import org.longmae.model.layer.TransformerBlock;
import org.longmae.model.layer.TransformerStack;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The vision transformer that is kept after pre-training.
 *
 * <pre>
 *   patches → embed the visible → class token, positions → blocks → norm
 * </pre>
 *
 * <p>Patches that are not visible are not embedded, and get no position.
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al.: An Image is Worth 16x16 Words
 *     (2020)</a>
 */
final class Encoder {
  private final Ops ops;
  private final EncoderSpec spec;
  private final Recompute recompute;
  private final Tensor positions_TD;

  /** Makes the position table; it lives as long as {@code ops}. */
  Encoder(Ops ops, EncoderSpec spec, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.recompute = recompute;
    positions_TD = ops.upload(spec.positionTable(), spec.patches() + 1, spec.encoder().width());
  }

  /** The weights; a gradient has the same type. */
  record Params(
      Tensor classToken_D,
      Linear.Params patchEmbedding,
      List<TransformerBlock.Params> blocks,
      LayerNorm.Params norm) {}

  /** What backward needs, in the order of forward. */
  record Saved(
      TokenOrder order,
      Linear.Saved patchEmbedding,
      TransformerStack.Saved blocks,
      LayerNorm.Saved norm) {}

  /**
   * The latent of the class token and the visible patches, B·(K + 1) rows.
   *
   * @param images_BCHW normalised pixels
   */
  Forward<Saved> forward(float[] images_BCHW, TokenOrder order, Params p) {
    Forward<Linear.Saved> embedded = embed(images_BCHW, order, p);
    Tensor tokens_RD = tokens(embedded.y(), order, p);
    Forward<TransformerStack.Saved> encoded =
        TransformerStack.forward(ops, tokens_RD, p.blocks(), plan(order), Rows.ALL);
    Forward<LayerNorm.Saved> latent = LayerNorm.forward(ops, encoded.y(), p.norm());
    return new Forward<>(
        latent.y(), new Saved(order, embedded.saved(), encoded.saved(), latent.saved()));
  }

  /** Sets {@code grad}; pixels have no gradient. */
  void backward(Tensor dLatent_RD, Saved saved, Params p, Params grad) {
    Tensor dEncoded_RD = LayerNorm.backward(ops, dLatent_RD, saved.norm(), p.norm(), grad.norm());
    Tensor dVisible_RD =
        TransformerStack.backward(ops, dEncoded_RD, saved.blocks(), p.blocks(), grad.blocks());
    Tensor dEmbedded_RD =
        saved.order().encoderTokens().backward(ops, dVisible_RD, grad.classToken_D());
    Linear.backwardToWeights(ops, dEmbedded_RD, saved.patchEmbedding(), grad.patchEmbedding());
  }

  /** The latent, keeping nothing for a backward. */
  Tensor infer(float[] images_BCHW, TokenOrder order, Params p) {
    return infer(images_BCHW, order, p, p.blocks().size());
  }

  /** The latent as it would be if the first {@code blocks} were all. */
  Tensor infer(float[] images_BCHW, TokenOrder order, Params p, int blocks) {
    Tensor tokens_RD = tokens(embed(images_BCHW, order, p).y(), order, p);
    List<TransformerBlock.Params> first = p.blocks().subList(0, blocks);
    Tensor encoded_RD = TransformerStack.infer(ops, tokens_RD, first, plan(order), Rows.ALL);
    return LayerNorm.forward(ops, encoded_RD, p.norm()).y();
  }

  /** What the last block's attention works on: queries, keys and values of each token, [R, 3·D]. */
  Tensor lastQueriesKeysValues(float[] images_BCHW, TokenOrder order, Params p) {
    Tensor tokens_RD = tokens(embed(images_BCHW, order, p).y(), order, p);
    int last = p.blocks().size() - 1;
    Tensor input_RD =
        TransformerStack.infer(ops, tokens_RD, p.blocks().subList(0, last), plan(order), Rows.ALL);
    TransformerBlock.Params block = p.blocks().get(last);
    Tensor normed_RD = LayerNorm.forward(ops, input_RD, block.norm1()).y();
    return Linear.forward(ops, normed_RD, block.attention().qkv()).y();
  }

  private Forward<Linear.Saved> embed(float[] images_BCHW, TokenOrder order, Params p) {
    return PatchEmbedding.forward(ops, images_BCHW, order, spec, p.patchEmbedding());
  }

  /** Puts the class token before each image's patches and adds positions; its own is zero. */
  private Tensor tokens(Tensor embedded_RD, TokenOrder order, Params p) {
    Tensor tokens_RD = order.encoderTokens().forward(ops, embedded_RD, p.classToken_D());
    ops.add(tokens_RD, ops.gatherRows(positions_TD, order.encoderPositions()));
    return tokens_RD;
  }

  private TransformerStack.Plan plan(TokenOrder order) {
    return new TransformerStack.Plan(order.images(), spec.encoder().heads(), recompute);
  }
}
