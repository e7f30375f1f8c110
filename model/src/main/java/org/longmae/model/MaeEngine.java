package org.longmae.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.model.ops.OpTimes;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;

/**
 * One replica of a masked autoencoder: its weights, the optimiser's state, and the arithmetic on
 * them. It holds native memory until closed. Used by one thread at a time; the same calls with the
 * same arguments on the same kind of machine and number of threads give the same bits.
 *
 * <p>Batches may be of any size, and it may change from call to call; memory for reuse is kept for
 * the last size. A batch larger than {@link StepSettings#microBatch} is worked on in parts: the
 * step is that of the whole, but for rounding.
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
public final class MaeEngine implements TrainingEngine {
  private final Ops ops;
  private final MaeSpec spec;
  private final StepSettings settings;
  private final TrainingState<MaeParameters> state;
  private final MaeInference inference;

  private MaeEngine(Ops ops, MaeSpec spec, StepSettings settings) {
    this.ops = ops;
    this.spec = spec;
    this.settings = settings;
    ParameterLayout layout = ParameterLayout.of(spec);
    state =
        new TrainingState<>(
            ops,
            layout,
            spec.encoder().depth(),
            settings.optim(),
            (wide, from, compute) -> MaeParameters.of(ops, spec, layout, wide, from, compute));
    inference = new MaeInference(ops, spec, state.weights(), settings.recompute());
  }

  /**
   * Opens a replica with all-zero state on the backend, device and precision that {@code compute}
   * asks for. An automatic backend is ATen where it loads, otherwise ND4J; an automatic device is a
   * GPU where ATen sees one; an automatic precision is bf16 where the device multiplies it in
   * hardware, otherwise fp32.
   *
   * @param threads cores to use, at least 1; {@code compute.threads} is the caller's business
   */
  public static MaeEngine open(
      MaeSpec spec, StepSettings settings, ComputeConfig compute, int threads) {
    return open(spec, settings, compute, threads, 0);
  }

  /**
   * The same on one of several GPUs.
   *
   * @param deviceIndex of the GPU among those that this process sees, from 0; of no effect on CPU
   */
  public static MaeEngine open(
      MaeSpec spec, StepSettings settings, ComputeConfig compute, int threads, int deviceIndex) {
    return open(spec, settings, Backends.open(compute, threads, deviceIndex));
  }

  /** Opens the replica that a run trains. */
  public static MaeEngine open(RunConfig run, int threads) {
    return open(MaeSpec.of(run), StepSettings.of(run), run.compute(), threads);
  }

  /** The same on one of several GPUs. */
  public static MaeEngine open(RunConfig run, int threads, int deviceIndex) {
    return open(MaeSpec.of(run), StepSettings.of(run), run.compute(), threads, deviceIndex);
  }

  /** Opens the same replica with each operation's time added to {@code times}. */
  public static MaeEngine openTimed(
      MaeSpec spec, StepSettings settings, ComputeConfig compute, int threads, OpTimes times) {
    return open(spec, settings, times.around(Backends.open(compute, threads)));
  }

  /** Opens the replica that a run trains, with each operation's time added to {@code times}. */
  public static MaeEngine openTimed(RunConfig run, int threads, OpTimes times) {
    return openTimed(MaeSpec.of(run), StepSettings.of(run), run.compute(), threads, times);
  }

  /** Opens a replica over an {@link Ops} that it closes with itself. */
  static MaeEngine open(MaeSpec spec, StepSettings settings, Ops ops) {
    return new MaeEngine(ops, spec, settings);
  }

  /** The same with everything kept and nothing split. */
  static MaeEngine open(MaeSpec spec, OptimConfig optim, Ops ops) {
    return open(spec, StepSettings.of(optim), ops);
  }

  /** The model's shape. */
  public MaeSpec spec() {
    return spec;
  }

  @Override
  public ParameterLayout layout() {
    return state.weights().layout();
  }

  @Override
  public String description() {
    return ops.description();
  }

  @Override
  public void initialize(RandomGenerator random) {
    try (Scope session = ops.session()) {
      state.initialize(random);
    }
  }

  /**
   * Takes one step of the optimiser on the batch's mean loss.
   *
   * @param images_BCHW B·C·H·W normalised pixels
   * @param shuffles_BL B·L patches: each image's order, of which the first K are visible
   * @param rate learning rate of this step
   * @param step counted from 1, for Adam's bias correction
   * @return the mean loss over hidden patches, before the step
   * @throws NonFiniteLossException if the loss or a gradient is not finite; the state is then as
   *     before
   */
  public double step(float[] images_BCHW, int[] shuffles_BL, double rate, long step) {
    try (Scope session = ops.session()) {
      TrainingState.Slope slope = lossAndGradient(session, images_BCHW, shuffles_BL, step);
      state.update(rate, step, slope.gradientScale());
      return slope.loss();
    }
  }

  /** Images of a batch that are worked on at a time. */
  private record MicroBatch(float[] images_BCHW, TokenOrder order) {}

  private List<MicroBatch> microBatches(float[] images_BCHW, int[] shuffles_BL) {
    // Whole first, so that a wrong shuffle is refused by its place in the batch.
    TokenOrder whole = inference.order(images_BCHW, shuffles_BL);
    int images = whole.images();
    int most = settings.microBatch() == 0 ? images : settings.microBatch();
    if (images <= most) {
      return List.of(new MicroBatch(images_BCHW, whole));
    }
    int pixels = spec.imageValues();
    int patches = spec.patches();
    List<MicroBatch> parts = new ArrayList<>();
    for (int from = 0; from < images; from += most) {
      int to = Math.min(images, from + most);
      int[] shuffles = Arrays.copyOfRange(shuffles_BL, from * patches, to * patches);
      parts.add(
          new MicroBatch(
              Arrays.copyOfRange(images_BCHW, from * pixels, to * pixels),
              TokenOrder.of(to - from, patches, spec.keptPatches(), shuffles)));
    }
    return parts;
  }

  private TrainingState.Slope lossAndGradient(
      Scope session, float[] images_BCHW, int[] shuffles_BL, long step) {
    List<MicroBatch> parts = microBatches(images_BCHW, shuffles_BL);
    int images = EncoderSpec.of(spec).images(images_BCHW);
    return state.slope(session, parts.size(), part -> shareOfLoss(parts.get(part), images), step);
  }

  /** Part of the mean loss over {@code images}; its gradient is then written. */
  private double shareOfLoss(MicroBatch part, int images) {
    double loss = 0;
    try (Scope scope = ops.scope()) {
      MaskedAutoencoder.Activations saved =
          inference.model().forward(part.images_BCHW(), part.order(), inference.weights());
      double share = (double) part.order().images() / images;
      inference.model().backward(saved, share, inference.weights(), state.gradient());
      // Asked for when the work is queued, so that a GPU is not left idle before backward.
      for (double image : ops.downloadDoubles(saved.loss_B())) {
        loss += image / images;
      }
    }
    return loss;
  }

  /**
   * The mean loss, and its gradient without a step.
   *
   * @param into the gradient, in the layout's order and of its size
   * @throws NonFiniteLossException if either is not finite
   */
  public double gradient(float[] images_BCHW, int[] shuffles_BL, float[] into) {
    try (Scope session = ops.session()) {
      double loss = lossAndGradient(session, images_BCHW, shuffles_BL, 0).loss();
      state.readGradient(into);
      return loss;
    }
  }

  /** Mean loss and its gradient with respect to all parameters, without a step. */
  Gradient gradient(float[] images_BCHW, int[] shuffles_BL) {
    try (Scope session = ops.session()) {
      double loss = lossAndGradient(session, images_BCHW, shuffles_BL, 0).loss();
      return new Gradient(loss, state.downloadGradient());
    }
  }

  /** A loss and its gradient in the layout's order. */
  record Gradient(double loss, double[] gradient) {}

  /** The loss of each image, as {@link MaeInference#losses} has it; changes no state. */
  public float[] losses(float[] images_BCHW, int[] shuffles_BL) {
    return inference.losses(images_BCHW, shuffles_BL);
  }

  /** The prediction of every patch, as {@link MaeInference#predictions} has it. */
  public float[] predictions(float[] images_BCHW, int[] shuffles_BL) {
    return inference.predictions(images_BCHW, shuffles_BL);
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

  /** The two position tables. */
  @Override
  public List<FixedTensor> fixedTensors() {
    return positionTables(spec);
  }

  /** The two position tables, as a checkpoint has them. */
  public static List<FixedTensor> positionTables(MaeSpec spec) {
    return List.of(
        table("pos_embed", spec.grid(), spec.encoder().width()),
        table("decoder_pos_embed", spec.decoderGrid(), spec.decoder().width()));
  }

  private static FixedTensor table(String name, Grid grid, int width) {
    long[] shape = {1, grid.patches() + 1L, width};
    return new FixedTensor(name, shape, PositionTable.of(grid, width));
  }

  @Override
  public void close() {
    ops.close();
  }
}
