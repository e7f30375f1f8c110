package org.longmae.model;

import java.util.random.RandomGenerator;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;

/**
 * A masked autoencoder that is only looked at: its weights, without gradient and moments, and what
 * it makes of pictures. It holds native memory until closed. Used by one thread at a time.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class MaeInference implements AutoCloseable {
  private final Ops ops;
  private final MaeSpec spec;
  private final WeightVector vector;
  private final MaeParameters weights;
  private final MaskedAutoencoder model;
  private final BatchSizes sizes;

  /** A view on weights that somebody else changes and closes. */
  MaeInference(Ops ops, MaeSpec spec, WeightVector vector, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.vector = vector;
    weights =
        MaeParameters.of(ops, spec, vector.layout(), vector.parameters(), 0, vector.working());
    model = new MaskedAutoencoder(ops, spec, recompute);
    sizes = new BatchSizes(ops);
  }

  /** Opens a run's model with all-zero weights, on the backend that the run asks for. */
  public static MaeInference open(RunConfig run, int threads) {
    return open(MaeSpec.of(run), Backends.open(run.compute(), threads));
  }

  /** Opens a model over an {@link Ops} that it closes with itself. */
  static MaeInference open(MaeSpec spec, Ops ops) {
    WeightVector vector = new WeightVector(ops, ParameterLayout.of(spec));
    return new MaeInference(ops, spec, vector, Recompute.NONE);
  }

  /** Where each parameter lies in the flat vector of weights. */
  public ParameterLayout layout() {
    return vector.layout();
  }

  /** Draws the initial weights that training starts from. */
  public void initialize(RandomGenerator random) {
    try (Scope session = ops.session()) {
      vector.initialize(random);
    }
  }

  /** Copies {@code from} over elements [offset, offset + from.length) of the weights. */
  public void write(long offset, float[] from) {
    try (Scope session = ops.session()) {
      vector.write(offset, from);
    }
  }

  /**
   * The loss of each image.
   *
   * @param images_BCHW B·C·H·W normalised pixels
   * @param shuffles_BL B·L patches: each image's order, of which the first K are visible
   */
  public float[] losses(float[] images_BCHW, int[] shuffles_BL) {
    try (Scope session = ops.session()) {
      TokenOrder order = order(images_BCHW, shuffles_BL);
      return ops.download(model.losses(images_BCHW, order, weights));
    }
  }

  /**
   * The prediction of every patch, also of visible ones (which training does not score).
   *
   * @return [B, L, V] in the grid's order of patches and the target's order of values (py, px, c);
   *     in units of the patch's own deviation if the target is normalised; [B, L/s², V·s²] where
   *     patches are predicted s x s as one
   */
  public float[] predictions(float[] images_BCHW, int[] shuffles_BL) {
    try (Scope session = ops.session()) {
      TokenOrder order = order(images_BCHW, shuffles_BL);
      return ops.download(model.predictions(images_BCHW, order, weights));
    }
  }

  /**
   * What the class token attends to in the encoder's last block, with all patches visible: each
   * patch's share, the mean over heads.
   *
   * @return [B, L] in the grid's order of patches
   */
  public float[] attention(float[] images_BCHW) {
    EncoderSpec whole = EncoderSpec.of(spec);
    int images = whole.images(images_BCHW);
    try (Scope session = ops.session()) {
      sizes.ready(images);
      vector.refresh();
      int[] inOrder = spec.grid().ofImages(images);
      TokenOrder order = TokenOrder.of(images, spec.patches(), spec.patches(), inOrder);
      float[] qkv_RP = ops.download(model.lastQueriesKeysValues(images_BCHW, order, weights));
      return ClassAttention.of(qkv_RP, images, whole.encoder().width(), whole.encoder().heads());
    }
  }

  /** Checks the batch, and readies memory and weights for it. */
  TokenOrder order(float[] images_BCHW, int[] shuffles_BL) {
    int images = EncoderSpec.of(spec).images(images_BCHW);
    TokenOrder order = TokenOrder.of(images, spec.patches(), spec.keptPatches(), shuffles_BL);
    sizes.ready(images);
    vector.refresh();
    return order;
  }

  MaskedAutoencoder model() {
    return model;
  }

  MaeParameters weights() {
    return weights;
  }

  @Override
  public void close() {
    ops.close();
  }
}
