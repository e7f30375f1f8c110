package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
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
  private final Encoder encoder;
  private final DecoderBlocks decoder;
  private final PixelLoss loss;

  /** Makes the position tables; they live as long as {@code ops}. */
  MaskedAutoencoder(Ops ops, MaeSpec spec, Recompute recompute) {
    this.ops = ops;
    this.loss = new PixelLoss(ops, spec);
    encoder = new Encoder(ops, EncoderSpec.of(spec), recompute);
    decoder =
        spec.decoderDownsampling() == 1
            ? new FineDecoder(ops, spec, recompute)
            : new CoarseDecoder(ops, spec, recompute);
  }

  /** What backward needs, in the order of forward. */
  record Activations(
      TokenOrder order,
      Encoder.Saved encoder,
      Linear.Saved decoderEmbedding,
      DecoderBlocks.Saved decoder,
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
    Forward<Encoder.Saved> latent = encoder.forward(images_BCHW, order, p.encoder());
    Forward<Linear.Saved> narrowed = Linear.forward(ops, latent.y(), p.decoderEmbedding());
    Tensor tokens_RE = order.decoderTokens().forward(ops, narrowed.y(), p.maskToken_E());
    Forward<DecoderBlocks.Saved> decoded = decoder.forward(tokens_RE, order, p);
    Forward<LayerNorm.Saved> normed = LayerNorm.forward(ops, decoded.y(), p.decoderNorm());
    Forward<Linear.Saved> predicted = Linear.forward(ops, normed.y(), p.prediction());

    return new Activations(
        order,
        latent.saved(),
        narrowed.saved(),
        decoded.saved(),
        normed.saved(),
        predicted.saved(),
        loss.of(predicted.y(), images_BCHW, order));
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
    Tensor dTokens_RE = decoder.backward(dDecoded_RE, saved.decoder(), p, grad);
    Tensor dNarrowed_RE = order.decoderTokens().backward(ops, dTokens_RE, grad.maskToken_E());
    Tensor dLatent_RD =
        Linear.backward(
            ops,
            dNarrowed_RE,
            saved.decoderEmbedding(),
            p.decoderEmbedding(),
            grad.decoderEmbedding());
    encoder.backward(dLatent_RD, saved.encoder(), p.encoder(), grad.encoder());
  }

  /** The loss of each image, keeping nothing for a backward. */
  Tensor losses(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    Tensor predicted_RV = predict(encoder.infer(images_BCHW, order, p.encoder()), order, p, false);
    return loss.of(predicted_RV, images_BCHW, order).loss_B();
  }

  /** The prediction of every patch, in the prediction grid's order. */
  Tensor predictions(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    return predict(encoder.infer(images_BCHW, order, p.encoder()), order, p, true);
  }

  /** Queries, keys and values of the encoder's last block, [R, 3·D]. */
  Tensor lastQueriesKeysValues(float[] images_BCHW, TokenOrder order, MaeParameters p) {
    return encoder.lastQueriesKeysValues(images_BCHW, order, p.encoder());
  }

  private Tensor predict(Tensor latent_RD, TokenOrder order, MaeParameters p, boolean all) {
    Tensor narrowed_RE = Linear.forward(ops, latent_RD, p.decoderEmbedding()).y();
    Tensor tokens_RE = order.decoderTokens().forward(ops, narrowed_RE, p.maskToken_E());
    Tensor decoded_RE = decoder.infer(tokens_RE, order, p, all);
    Tensor normed_RE = LayerNorm.forward(ops, decoded_RE, p.decoderNorm()).y();
    return Linear.forward(ops, normed_RE, p.prediction()).y();
  }
}
