package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.Rows;
import org.longmae.model.layer.TransformerStack;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The masked autoencoder: hide most patches of an image, encode the rest, and predict the hidden
 * ones' pixels.
 *
 * <pre>
 *   patchify → embed the visible → encode → decode → loss on the hidden
 * </pre>
 *
 * <p>Work that cannot change the result is not done: hidden patches are not embedded; positions are
 * added to visible patches only; behind the decoder's last attention only hidden patches go on,
 * through that block's MLP, the norm and the prediction, as nothing else is scored.
 *
 * @see <a href="https://arxiv.org/abs/2111.06377">He et al.: Masked Autoencoders Are Scalable
 *     Vision Learners (2021)</a>
 */
final class MaskedAutoencoder {
  private final Ops ops;
  private final MaeSpec spec;
  private final Recompute recompute;
  private final Tensor encoderPositions_TD;
  private final Tensor decoderPositions_TE;

  /** Makes the position tables; they live as long as {@code ops}. */
  MaskedAutoencoder(Ops ops, MaeSpec spec, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.recompute = recompute;
    encoderPositions_TD = positions(spec.encoder());
    decoderPositions_TE = positions(spec.decoder());
  }

  private Tensor positions(TransformerConfig transformer) {
    float[] table = PositionTable.of(spec.grid(), transformer.width());
    return ops.upload(table, spec.patches() + 1, transformer.width());
  }

  /** What backward needs, in the order of forward. */
  record Activations(
      TokenOrder order,
      Linear.Saved patchEmbedding,
      TransformerStack.Saved encoder,
      LayerNorm.Saved encoderNorm,
      Linear.Saved decoderEmbedding,
      TransformerStack.Saved decoder,
      LayerNorm.Saved decoderNorm,
      Linear.Saved prediction,
      Ops.SquaredError error) {
    /** Mean squared error of each image over its hidden patches. */
    Tensor loss_B() {
      return error.loss_B();
    }
  }

  /**
   * The loss of a batch.
   *
   * @param images_BCHW normalised pixels
   */
  Activations forward(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    Forward<Linear.Saved> embedded = embed(images_BCHW, order, p);
    Tensor tokens_RD = tokens(embedded.y(), order, p);
    Forward<TransformerStack.Saved> encoded =
        TransformerStack.forward(ops, tokens_RD, p.encoder(), plan(order, spec.encoder()));
    Forward<LayerNorm.Saved> latent = LayerNorm.forward(ops, encoded.y(), p.encoderNorm());

    Forward<Linear.Saved> narrowed = Linear.forward(ops, latent.y(), p.decoderEmbedding());
    Tensor tokens_RE = decoderTokens(narrowed.y(), order, p);
    Forward<TransformerStack.Saved> decoded =
        TransformerStack.forward(
            ops, tokens_RE, p.decoder(), plan(order, spec.decoder()), order.maskedTokens());
    Forward<LayerNorm.Saved> normed = LayerNorm.forward(ops, decoded.y(), p.decoderNorm());
    Forward<Linear.Saved> predicted = Linear.forward(ops, normed.y(), p.prediction());

    Tensor target_RV = target(images_BCHW, order);
    return new Activations(
        order,
        embedded.saved(),
        encoded.saved(),
        latent.saved(),
        narrowed.saved(),
        decoded.saved(),
        normed.saved(),
        predicted.saved(),
        ops.squaredError(predicted.y(), target_RV, order.images()));
  }

  /**
   * Sets {@code grad} to the gradient of {@code share} · the images' mean loss.
   *
   * @param share of these images in the batch
   */
  void backward(Activations saved, double share, MaeParameters p, MaeParameters grad) {
    TokenOrder order = saved.order();
    Tensor dPredicted_RV = ops.squaredErrorBackward(saved.error(), share);
    Tensor dNormed_RE =
        Linear.backward(ops, dPredicted_RV, saved.prediction(), p.prediction(), grad.prediction());
    Tensor dDecoded_RE =
        LayerNorm.backward(
            ops, dNormed_RE, saved.decoderNorm(), p.decoderNorm(), grad.decoderNorm());
    Tensor dTokens_RE =
        TransformerStack.backward(ops, dDecoded_RE, saved.decoder(), p.decoder(), grad.decoder());
    Tensor dNarrowed_RE = order.decoderTokens().backward(ops, dTokens_RE, grad.maskToken_E());
    Tensor dLatent_RD =
        Linear.backward(
            ops,
            dNarrowed_RE,
            saved.decoderEmbedding(),
            p.decoderEmbedding(),
            grad.decoderEmbedding());

    Tensor dEncoded_RD =
        LayerNorm.backward(
            ops, dLatent_RD, saved.encoderNorm(), p.encoderNorm(), grad.encoderNorm());
    Tensor dVisible_RD =
        TransformerStack.backward(ops, dEncoded_RD, saved.encoder(), p.encoder(), grad.encoder());
    Tensor dEmbedded_RD = order.encoderTokens().backward(ops, dVisible_RD, grad.classToken_D());
    Linear.backwardToWeights(ops, dEmbedded_RD, saved.patchEmbedding(), grad.patchEmbedding());
  }

  /** The loss of each image, keeping nothing for a backward. */
  Tensor losses(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    Tensor decoded_RE = decode(encode(images_BCHW, order, p), order, p, order.maskedTokens());
    Tensor predicted_RV = Linear.forward(ops, decoded_RE, p.prediction()).y();
    return ops.squaredError(predicted_RV, target(images_BCHW, order), order.images()).loss_B();
  }

  /** The prediction of every patch, in the grid's order, as rows of V values. */
  Tensor predictions(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    Tensor decoded_RE = decode(encode(images_BCHW, order, p), order, p, order.patchTokens());
    return Linear.forward(ops, decoded_RE, p.prediction()).y();
  }

  /** The encoder's output for the class token and the visible patches, after the final norm. */
  Tensor encode(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    Tensor tokens_RD = tokens(embed(images_BCHW, order, p).y(), order, p);
    Tensor encoded_RD =
        TransformerStack.infer(ops, tokens_RD, p.encoder(), plan(order, spec.encoder()));
    return LayerNorm.forward(ops, encoded_RD, p.encoderNorm()).y();
  }

  private Tensor decode(Tensor latent_RD, TokenOrder order, MaeParameters p, Rows rows) {
    Tensor narrowed_RE = Linear.forward(ops, latent_RD, p.decoderEmbedding()).y();
    Tensor tokens_RE = decoderTokens(narrowed_RE, order, p);
    Tensor decoded_RE =
        TransformerStack.infer(ops, tokens_RE, p.decoder(), plan(order, spec.decoder()), rows);
    return LayerNorm.forward(ops, decoded_RE, p.decoderNorm()).y();
  }

  /** Only visible patches are embedded. */
  private Forward<Linear.Saved> embed(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    int values = spec.patchValues();
    int kept = order.visible().length / order.images();
    float[] patches_RV = new float[order.visible().length * values];
    for (int row = 0; row < order.visible().length; row++) {
      Patches.patch(
          images_BCHW,
          row / kept * spec.imageValues(),
          spec.grid(),
          spec.patchSize(),
          spec.channels(),
          order.visible()[row],
          patches_RV,
          row * values);
    }
    Tensor x_RV = ops.upload(patches_RV, order.visible().length, values);
    return Linear.forward(ops, x_RV, p.patchEmbedding());
  }

  /** Puts the class token before each image's patches and adds positions; its own is zero. */
  private Tensor tokens(Tensor embedded_RD, TokenOrder order, MaeParameters p) {
    Tensor tokens_RD = order.encoderTokens().forward(ops, embedded_RD, p.classToken_D());
    ops.add(tokens_RD, ops.gatherRows(encoderPositions_TD, order.encoderPositions()));
    return tokens_RD;
  }

  /** Puts every patch back in its place, the mask token for hidden ones, and adds positions. */
  private Tensor decoderTokens(Tensor narrowed_RE, TokenOrder order, MaeParameters p) {
    Tensor tokens_RE = order.decoderTokens().forward(ops, narrowed_RE, p.maskToken_E());
    ops.addTable(tokens_RE, decoderPositions_TE);
    return tokens_RE;
  }

  /** The hidden patches' pixels, normalised if the model is trained so. */
  private Tensor target(float[] images_BCHW, TokenOrder order) {
    int values = spec.patchValues();
    int hidden = order.masked().length / order.images();
    float[] target_RV = new float[order.masked().length * values];
    for (int row = 0; row < order.masked().length; row++) {
      Patches.targetPatch(
          images_BCHW,
          row / hidden * spec.imageValues(),
          spec.grid(),
          spec.patchSize(),
          spec.channels(),
          order.masked()[row],
          target_RV,
          row * values);
      if (spec.normalizedTarget()) {
        Patches.normalize(target_RV, row * values, values);
      }
    }
    return ops.uploadState(target_RV, order.masked().length, values);
  }

  private TransformerStack.Plan plan(TokenOrder order, TransformerConfig transformer) {
    return new TransformerStack.Plan(order.images(), transformer.heads(), recompute);
  }
}
