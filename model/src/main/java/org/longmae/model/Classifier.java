package org.longmae.model;

import java.util.List;
import java.util.stream.IntStream;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.LayerNorm;
import org.longmae.model.layer.Linear;
import org.longmae.model.layer.MeanPool;
import org.longmae.model.layer.Paths;
import org.longmae.model.layer.Rows;
import org.longmae.model.layer.TransformerBlock;
import org.longmae.model.layer.TransformerStack;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The encoder with every patch visible and a linear map to classes behind it: what fine-tuning
 * trains, all of it.
 *
 * <pre>
 *   patches → embed → class token, positions → blocks → mean of patches, or class token
 *           → norm → head → cross entropy with soft targets
 * </pre>
 *
 * <p>Unlike in pre-training, positions are trained: they start at the fixed table. Behind the last
 * attention only the tokens go on that are pooled.
 *
 * @see <a href="https://arxiv.org/abs/2111.06377">He et al. (2021)</a>, appendix A.1
 */
final class Classifier {
  private final Ops ops;
  private final ClassifierSpec spec;
  private final Recompute recompute;

  Classifier(Ops ops, ClassifierSpec spec, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.recompute = recompute;
  }

  /** The weights; a gradient has the same type. */
  record Params(
      Tensor classToken_D,
      Tensor positions_TD,
      Linear.Params patchEmbedding,
      List<TransformerBlock.Params> blocks,
      LayerNorm.Params norm,
      Linear.Params head) {

    /** Cuts two vectors, as {@link ParameterCutter} has them. */
    static Params of(
        Ops ops,
        ClassifierSpec spec,
        ParameterLayout layout,
        Tensor state,
        long stateFrom,
        Tensor compute) {
      ParameterCutter cutter = new ParameterCutter(ops, layout, state, stateFrom, compute);
      return new Params(
          cutter.vector("cls_token"),
          cutter.table(ParameterLayout.POSITIONS),
          cutter.linear("patch_embed.proj"),
          cutter.blocks("blocks", spec.encoder().encoder().depth()),
          cutter.norm(spec.normName()),
          cutter.linear(ParameterLayout.HEAD));
    }
  }

  /** What backward needs, in the order of forward. */
  record Activations(
      TokenOrder order,
      Linear.Saved patchEmbedding,
      TransformerStack.Saved blocks,
      MeanPool.Saved pooled,
      LayerNorm.Saved norm,
      Linear.Saved head,
      Ops.CrossEntropy entropy) {
    /** Cross entropy of each image. */
    Tensor loss_B() {
      return entropy.loss_B();
    }
  }

  /** The loss of a batch. */
  Activations forward(LabelledBatch batch, Params p) {
    TokenOrder order = order(batch.images_BCHW());
    Forward<Linear.Saved> embedded =
        PatchEmbedding.forward(ops, batch.images_BCHW(), order, spec.encoder(), p.patchEmbedding());
    Tensor tokens_RD = tokens(embedded.y(), order, p);
    Forward<TransformerStack.Saved> encoded =
        TransformerStack.forward(
            ops, tokens_RD, p.blocks(), plan(order, batch.paths()), pooledRows(order));
    Forward<MeanPool.Saved> pooled = MeanPool.forward(ops, encoded.y(), order.images());
    Forward<LayerNorm.Saved> normed = LayerNorm.forward(ops, pooled.y(), p.norm());
    Forward<Linear.Saved> logits = Linear.forward(ops, normed.y(), p.head());
    Tensor target_BG = ops.uploadState(batch.targets_BG(), order.images(), spec.classes());
    return new Activations(
        order,
        embedded.saved(),
        encoded.saved(),
        pooled.saved(),
        normed.saved(),
        logits.saved(),
        ops.crossEntropy(logits.y(), target_BG));
  }

  /**
   * Sets {@code grad} to the gradient of {@code share} · the images' mean loss.
   *
   * @param share of these images in the batch
   */
  void backward(Activations saved, double share, Params p, Params grad) {
    Tensor dLogits_BG = ops.crossEntropyBackward(saved.entropy(), share);
    Tensor dNormed_BD = Linear.backward(ops, dLogits_BG, saved.head(), p.head(), grad.head());
    Tensor dPooled_BD = LayerNorm.backward(ops, dNormed_BD, saved.norm(), p.norm(), grad.norm());
    Tensor dEncoded_SD = MeanPool.backward(ops, dPooled_BD, saved.pooled());
    Tensor dTokens_RD =
        TransformerStack.backward(ops, dEncoded_SD, saved.blocks(), p.blocks(), grad.blocks());
    Tensor dEmbedded_RD = tokensBackward(dTokens_RD, saved.order(), grad);
    Linear.backwardToWeights(ops, dEmbedded_RD, saved.patchEmbedding(), grad.patchEmbedding());
  }

  /** Every image's scores of the classes, keeping nothing for a backward: all paths are taken. */
  Tensor infer(float[] images_BCHW, Params p) {
    TokenOrder order = order(images_BCHW);
    Tensor embedded_RD =
        PatchEmbedding.forward(ops, images_BCHW, order, spec.encoder(), p.patchEmbedding()).y();
    Tensor encoded_SD =
        TransformerStack.infer(
            ops,
            tokens(embedded_RD, order, p),
            p.blocks(),
            plan(order, List.of()),
            pooledRows(order));
    Tensor pooled_BD = MeanPool.forward(ops, encoded_SD, order.images()).y();
    Tensor normed_BD = LayerNorm.forward(ops, pooled_BD, p.norm()).y();
    return Linear.forward(ops, normed_BD, p.head()).y();
  }

  /** Puts the class token before each image's patches and adds positions. */
  private Tensor tokens(Tensor embedded_RD, TokenOrder order, Params p) {
    Tensor tokens_RD = order.encoderTokens().forward(ops, embedded_RD, p.classToken_D());
    ops.addTable(tokens_RD, p.positions_TD());
    return tokens_RD;
  }

  /** Returns dEmbedded_RD; a position's gradient is the sum over images of its token's. */
  private Tensor tokensBackward(Tensor dTokens_RD, TokenOrder order, Params grad) {
    long table = grad.positions_TD().length();
    Tensor dImages = ops.reshape(dTokens_RD, order.images(), table);
    int[] all = IntStream.range(0, order.images()).toArray();
    ops.sumRows(dImages, all, ops.reshape(grad.positions_TD(), table));
    return order.encoderTokens().backward(ops, dTokens_RD, grad.classToken_D());
  }

  /** All patches, in the grid's order. */
  private TokenOrder order(float[] images_BCHW) {
    int images = spec.encoder().images(images_BCHW);
    int patches = spec.encoder().patches();
    int[] inOrder = spec.encoder().grid().ofImages(images);
    return TokenOrder.of(images, patches, patches, inOrder);
  }

  private Rows pooledRows(TokenOrder order) {
    return switch (spec.pooling()) {
      case MEAN -> order.patchTokens();
      case CLASS -> {
        int tokens = spec.encoder().patches() + 1;
        int[] first = IntStream.range(0, order.images()).map(image -> image * tokens).toArray();
        yield Rows.of(first, order.images() * tokens);
      }
    };
  }

  private TransformerStack.Plan plan(TokenOrder order, List<Paths> paths) {
    int heads = spec.encoder().encoder().heads();
    return new TransformerStack.Plan(order.images(), heads, recompute, paths);
  }
}
