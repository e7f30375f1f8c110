package org.longmae.model;

import java.util.random.RandomGenerator;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.EvaluateConfig.Pooling;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;

/**
 * A frozen encoder: its weights, and the features that it makes of whole pictures. It holds native
 * memory until closed. Used by one thread at a time.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class EncoderEngine implements AutoCloseable {
  private final Ops ops;
  private final EncoderSpec spec;
  private final WeightVector vector;
  private final Encoder.Params weights;
  private final Encoder encoder;
  private final BatchSizes sizes;

  private EncoderEngine(Ops ops, EncoderSpec spec) {
    this.ops = ops;
    this.spec = spec;
    vector = new WeightVector(ops, ParameterLayout.of(spec));
    weights =
        MaeParameters.encoder(ops, spec, vector.layout(), vector.parameters(), vector.working());
    encoder = new Encoder(ops, spec, Recompute.NONE);
    sizes = new BatchSizes(ops);
  }

  /** Opens an encoder with all-zero weights, on the backend that {@code compute} asks for. */
  public static EncoderEngine open(EncoderSpec spec, ComputeConfig compute, int threads) {
    return open(spec, Backends.open(compute, threads));
  }

  /** Opens an encoder over an {@link Ops} that it closes with itself. */
  static EncoderEngine open(EncoderSpec spec, Ops ops) {
    return new EncoderEngine(ops, spec);
  }

  /** Where each parameter lies in the flat vector of weights. */
  public ParameterLayout layout() {
    return vector.layout();
  }

  /** Draws initial weights. */
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
   * One vector a picture, all patches visible, after the final norm.
   *
   * @param images_BCHW B·C·H·W normalised pixels
   * @param pooling of the tokens
   * @param blocks how many of the blocks are passed, at least 1
   * @return [B, D]
   */
  public float[] features(float[] images_BCHW, Pooling pooling, int blocks) {
    int images = spec.images(images_BCHW);
    try (Scope session = ops.session()) {
      sizes.ready(images);
      vector.refresh();
      int[] inOrder = spec.grid().ofImages(images);
      TokenOrder order = TokenOrder.of(images, spec.patches(), spec.patches(), inOrder);
      float[] latent = ops.download(encoder.infer(images_BCHW, order, weights, blocks));
      return switch (pooling) {
        case MEAN -> pooled(latent, images, 1, spec.patches());
        case CLASS -> pooled(latent, images, 0, 1);
      };
    }
  }

  /** The mean of each image's tokens [from, from + count). */
  private float[] pooled(float[] latent, int images, int from, int count) {
    int width = spec.encoder().width();
    float[] features = new float[images * width];
    for (int image = 0; image < images; image++) {
      for (int token = from; token < from + count; token++) {
        int start = (image * (spec.patches() + 1) + token) * width;
        for (int i = 0; i < width; i++) {
          features[image * width + i] += latent[start + i] / count;
        }
      }
    }
    return features;
  }

  @Override
  public void close() {
    ops.close();
  }
}
