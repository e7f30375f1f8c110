package org.longmae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.longmae.conf.RunConfig;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;

/**
 * One replica of a classifier that is fine-tuned: its weights, the optimiser's state, and the
 * arithmetic on them. It holds native memory until closed. Used by one thread at a time; the same
 * calls with the same arguments on the same kind of machine and number of threads give the same
 * bits.
 *
 * <p>Batches may be of any size; those larger than {@link StepSettings#microBatch} are worked on in
 * parts, as by {@link MaeEngine}.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class ClassifierEngine implements TrainingEngine {
  private final Ops ops;
  private final StepSettings settings;
  private final TrainingState<Classifier.Params> state;
  private final ClassifierInference inference;

  private ClassifierEngine(Ops ops, ClassifierSpec spec, StepSettings settings) {
    this.ops = ops;
    this.settings = settings;
    ParameterLayout layout = ParameterLayout.of(spec);
    state =
        new TrainingState<>(
            ops,
            layout,
            spec.encoder().encoder().depth(),
            settings.optim(),
            (wide, from, compute) -> Classifier.Params.of(ops, spec, layout, wide, from, compute));
    inference = new ClassifierInference(ops, spec, state.weights(), settings.recompute());
  }

  /**
   * Opens the replica that a run trains, with all-zero state.
   *
   * @param classes of its pictures
   * @param deviceIndex of the GPU, if there are several
   */
  public static ClassifierEngine open(RunConfig run, int classes, int threads, int deviceIndex) {
    return open(
        ClassifierSpec.of(run, classes),
        StepSettings.of(run),
        Backends.open(run.compute(), threads, deviceIndex));
  }

  /** Opens a replica over an {@link Ops} that it closes with itself. */
  static ClassifierEngine open(ClassifierSpec spec, StepSettings settings, Ops ops) {
    return new ClassifierEngine(ops, spec, settings);
  }

  @Override
  public ParameterLayout layout() {
    return state.weights().layout();
  }

  @Override
  public String description() {
    return ops.description();
  }

  /**
   * Draws initial weights and sets the positions to the fixed table, brought to the length at hand;
   * clears the optimiser's state. A trained encoder's weights may be written over them afterwards.
   */
  @Override
  public void initialize(RandomGenerator random) {
    try (Scope session = ops.session()) {
      inference.initialize(random);
      state.start();
    }
  }

  /**
   * Takes one step of the optimiser on the batch's mean loss.
   *
   * @param rate learning rate of this step, of the last layer
   * @param step counted from 1, for Adam's bias correction
   * @return the mean cross entropy, before the step
   * @throws NonFiniteLossException if the loss or a gradient is not finite; the state is then as
   *     before
   */
  public double step(LabelledBatch batch, double rate, long step) {
    try (Scope session = ops.session()) {
      TrainingState.Slope slope = lossAndGradient(session, batch, step);
      state.update(rate, step, slope.gradientScale());
      return slope.loss();
    }
  }

  private TrainingState.Slope lossAndGradient(Scope session, LabelledBatch batch, long step) {
    int images = inference.ready(batch.images_BCHW());
    List<LabelledBatch> parts = microBatches(batch, images);
    return state.slope(session, parts.size(), part -> shareOfLoss(parts.get(part), images), step);
  }

  private List<LabelledBatch> microBatches(LabelledBatch batch, int images) {
    int most = settings.microBatch() == 0 ? images : settings.microBatch();
    if (images <= most) {
      return List.of(batch);
    }
    List<LabelledBatch> parts = new ArrayList<>();
    for (int from = 0; from < images; from += most) {
      parts.add(batch.part(from, Math.min(images, from + most), images));
    }
    return parts;
  }

  /** Part of the mean loss over {@code images}; its gradient is then written. */
  private double shareOfLoss(LabelledBatch part, int images) {
    double loss = 0;
    try (Scope scope = ops.scope()) {
      Classifier.Activations saved = inference.model().forward(part, inference.weights());
      double share = (double) saved.order().images() / images;
      inference.model().backward(saved, share, inference.weights(), state.gradient());
      // Asked for when the work is queued, so that a GPU is not left idle before backward.
      for (double image : ops.downloadDoubles(saved.loss_B())) {
        loss += image / images;
      }
    }
    return loss;
  }

  /** Mean loss and its gradient with respect to all parameters, without a step. */
  MaeEngine.Gradient gradient(LabelledBatch batch) {
    try (Scope session = ops.session()) {
      double loss = lossAndGradient(session, batch, 0).loss();
      return new MaeEngine.Gradient(loss, state.downloadGradient());
    }
  }

  /** Every image's scores of the classes, [B, G]; changes no state. */
  public float[] scores(float[] images_BCHW) {
    return inference.scores(images_BCHW);
  }

  @Override
  public List<StateVector> vectors() {
    return state.vectors();
  }

  @Override
  public void read(StateVector which, long offset, float[] into) {
    try (Scope session = ops.session()) {
      state.read(which, offset, into);
    }
  }

  @Override
  public void write(StateVector which, long offset, float[] from) {
    try (Scope session = ops.session()) {
      state.write(which, offset, from);
    }
  }

  /** None: positions are trained. */
  @Override
  public List<FixedTensor> fixedTensors() {
    return List.of();
  }

  @Override
  public void close() {
    ops.close();
  }
}
