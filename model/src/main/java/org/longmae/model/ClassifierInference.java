package org.longmae.model;

import java.util.random.RandomGenerator;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;

/**
 * A classifier that is only asked: its weights, without gradient and moments. It holds native
 * memory until closed. Used by one thread at a time.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class ClassifierInference implements AutoCloseable {
  private final Ops ops;
  private final WeightVector vector;
  private final Classifier.Params weights;
  private final Classifier model;
  private final ClassifierSpec spec;
  private final BatchSizes sizes;

  /** A view on weights that somebody else changes and closes. */
  ClassifierInference(Ops ops, ClassifierSpec spec, WeightVector vector, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.vector = vector;
    weights =
        Classifier.Params.of(ops, spec, vector.layout(), vector.parameters(), 0, vector.working());
    model = new Classifier(ops, spec, recompute);
    sizes = new BatchSizes(ops);
  }

  /** Opens a classifier with all-zero weights, on the backend that {@code compute} asks for. */
  public static ClassifierInference open(ClassifierSpec spec, ComputeConfig compute, int threads) {
    return open(spec, Backends.open(compute, threads));
  }

  /** Opens a classifier over an {@link Ops} that it closes with itself. */
  static ClassifierInference open(ClassifierSpec spec, Ops ops) {
    WeightVector vector = new WeightVector(ops, ParameterLayout.of(spec));
    return new ClassifierInference(ops, spec, vector, Recompute.NONE);
  }

  /** Where each parameter lies in the flat vector of weights. */
  public ParameterLayout layout() {
    return vector.layout();
  }

  /** Copies {@code from} over elements [offset, offset + from.length) of the weights. */
  public void write(long offset, float[] from) {
    try (Scope session = ops.session()) {
      vector.write(offset, from);
    }
  }

  /**
   * Every image's scores of the classes.
   *
   * @param images_BCHW B·C·H·W normalised pixels
   * @return [B, G]
   */
  public float[] scores(float[] images_BCHW) {
    try (Scope session = ops.session()) {
      ready(images_BCHW);
      return ops.download(model.infer(images_BCHW, weights));
    }
  }

  /** Readies memory and weights for a batch; returns its images. */
  int ready(float[] images_BCHW) {
    int images = spec.encoder().images(images_BCHW);
    sizes.ready(images);
    vector.refresh();
    return images;
  }

  /** Draws initial weights; positions are the fixed table of what training started from. */
  void initialize(RandomGenerator random) {
    vector.initialize(random);
    vector.write(
        vector.layout().entry(ParameterLayout.POSITIONS).offset(), spec.encoder().positionTable());
  }

  Classifier model() {
    return model;
  }

  Classifier.Params weights() {
    return weights;
  }

  @Override
  public void close() {
    ops.close();
  }
}
