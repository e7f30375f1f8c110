package org.longmae.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.longmae.conf.ComputeConfig;
import org.longmae.conf.OptimConfig;
import org.longmae.conf.RunConfig;
import org.longmae.model.ops.AdamW;
import org.longmae.model.ops.OpTimes;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

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
public final class MaeEngine implements AutoCloseable {
  private static final double CLIP_EPSILON = 1e-6;

  private final Ops ops;
  private final MaeSpec spec;
  private final StepSettings settings;
  private final OptimConfig optim;
  private final ParameterLayout layout;
  private final List<LayerDecay.Run> runs;
  private final MaeInference inference;

  private final WeightVector vector;
  private final Tensor parameters;
  private final Tensor firstMoment;
  private final Tensor secondMoment;
  private final Map<StateVector, Tensor> state = new EnumMap<>(StateVector.class);

  private final FlatGradient gradient;

  private MaeEngine(Ops ops, MaeSpec spec, StepSettings settings, boolean averages) {
    this.ops = ops;
    this.spec = spec;
    this.settings = settings;
    this.optim = settings.optim();
    this.layout = ParameterLayout.of(spec);
    vector = new WeightVector(ops, layout);
    parameters = vector.parameters();
    firstMoment = ops.stateZeros(layout.size());
    secondMoment = ops.stateZeros(layout.size());
    state.put(StateVector.PARAMETERS, parameters);
    state.put(StateVector.FIRST_MOMENT, firstMoment);
    state.put(StateVector.SECOND_MOMENT, secondMoment);
    if (averages) {
      state.put(StateVector.AVERAGE, ops.stateZeros(layout.size()));
    }
    gradient = new FlatGradient(ops, spec, layout);
    runs = gradient.cut(LayerDecay.runs(layout, spec.encoder().depth(), optim.layerDecay()));
    inference = new MaeInference(ops, spec, vector, settings.recompute());
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
    return new MaeEngine(ops, spec, settings, settings.optim().emaDecay() > 0);
  }

  /** The same with everything kept and nothing split. */
  static MaeEngine open(MaeSpec spec, OptimConfig optim, Ops ops) {
    return open(spec, StepSettings.of(optim), ops);
  }

  /** The model's shape. */
  public MaeSpec spec() {
    return spec;
  }

  /** Where each parameter lies in a state vector. */
  public ParameterLayout layout() {
    return layout;
  }

  /** What was chosen, such as {@code aten/cpu/bf16, 2 threads}. */
  public String description() {
    return ops.description();
  }

  /** Draws initial weights, clears the optimiser's state, and starts the average at the weights. */
  public void initialize(RandomGenerator random) {
    try (Scope session = ops.session()) {
      vector.initialize(random);
      ops.clear(firstMoment);
      ops.clear(secondMoment);
      if (state.containsKey(StateVector.AVERAGE)) {
        ops.cast(parameters, state.get(StateVector.AVERAGE));
      }
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
      Slope slope = lossAndGradient(session, images_BCHW, shuffles_BL, step);
      double scale = gradientScale(slope.norm());
      switch (optim.kind()) {
        case ADAMW -> runs.forEach(run -> update(run, rate, step, scale));
        case SGD -> runs.forEach(run -> descend(run, rate, scale));
      }
      if (state.containsKey(StateVector.AVERAGE)) {
        ops.average(optim.emaDecay(), state.get(StateVector.AVERAGE), parameters);
      }
      return slope.loss();
    }
  }

  /** What brings a gradient down to the largest norm allowed; as torch's clip_grad_norm_. */
  private double gradientScale(double norm) {
    return optim.clipNorm() == 0 ? 1 : Math.min(1, optim.clipNorm() / (norm + CLIP_EPSILON));
  }

  private void update(LayerDecay.Run run, double rate, long step, double gradientScale) {
    AdamW adam =
        new AdamW(
            rate * run.scale(),
            optim.beta1(),
            optim.beta2(),
            optim.epsilon(),
            run.decayed() ? optim.weightDecay() : 0,
            step,
            gradientScale);
    Tensor slope = gradient.range(run.from(), run.to());
    ops.adamW(
        adam, run.from(), run.to(), parameters, firstMoment, secondMoment, slope, vector.working());
  }

  /** θ ← θ·(1 − η·λ) − η·s·g. */
  private void descend(LayerDecay.Run run, double rate, double gradientScale) {
    double runRate = rate * run.scale();
    double keep = run.decayed() ? 1 - runRate * optim.weightDecay() : 1;
    Tensor slope = gradient.range(run.from(), run.to());
    ops.descend(keep, runRate * gradientScale, run.from(), parameters, slope, vector.working());
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

  /** A batch's mean loss and the norm of its gradient. */
  private record Slope(double loss, double norm) {}

  /** The mean loss; its gradient is then in {@link #gradient}. */
  private Slope lossAndGradient(Scope session, float[] images_BCHW, int[] shuffles_BL, long step) {
    List<MicroBatch> parts = microBatches(images_BCHW, shuffles_BL);
    int images = EncoderSpec.of(spec).images(images_BCHW);
    double loss = 0;
    for (int part = 0; part < parts.size(); part++) {
      loss += shareOfLoss(parts.get(part), images, step);
      if (parts.size() == 1) {
        gradient.set();
      } else {
        gradient.add(part == 0, session);
      }
    }
    double squaredNorm = gradient.squaredNorm();
    if (!Double.isFinite(squaredNorm)) {
      throw new NonFiniteLossException(
          culprit("gradient", gradient::read, "the gradient's norm"), loss, step);
    }
    return new Slope(loss, Math.sqrt(squaredNorm));
  }

  /** Part of the mean loss over {@code images}; its gradient is then written. */
  private double shareOfLoss(MicroBatch part, int images, long step) {
    double loss = 0;
    try (Scope scope = ops.scope()) {
      MaskedAutoencoder.Activations saved =
          inference.model().forward(part.images_BCHW(), part.order(), inference.weights());
      double share = (double) part.order().images() / images;
      inference.model().backward(saved, share, inference.weights(), gradient.parameters());
      // Asked for when the work is queued, so that a GPU is not left idle before backward.
      for (double image : ops.downloadDoubles(saved.loss_B())) {
        loss += image / images;
      }
    }
    if (!Double.isFinite(loss)) {
      throw new NonFiniteLossException(culprit("weight", this::weight, "the loss"), loss, step);
    }
    return loss;
  }

  private float[] weight(ParameterLayout.Entry entry) {
    float[] values = new float[Math.toIntExact(entry.length())];
    ops.read(parameters, entry.offset(), values);
    return values;
  }

  /** Names the first parameter whose elements are not all finite. */
  private String culprit(
      String what, Function<ParameterLayout.Entry, float[]> elements, String otherwise) {
    for (ParameterLayout.Entry entry : layout.entries()) {
      for (float value : elements.apply(entry)) {
        if (!Float.isFinite(value)) {
          return "the " + what + " of " + entry.name();
        }
      }
    }
    return otherwise;
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
      gradient.read(into);
      return loss;
    }
  }

  /** Mean loss and its gradient with respect to all parameters, without a step. */
  Gradient gradient(float[] images_BCHW, int[] shuffles_BL) {
    try (Scope session = ops.session()) {
      double loss = lossAndGradient(session, images_BCHW, shuffles_BL, 0).loss();
      return new Gradient(loss, gradient.download());
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

  /** Length of each state vector: the layout's size. */
  public long stateLength() {
    return layout.size();
  }

  /** The vectors that the state consists of, in order: all, or all but the average. */
  public List<StateVector> vectors() {
    return List.copyOf(state.keySet());
  }

  /** Copies elements [offset, offset + into.length) of a state vector out. */
  public void read(StateVector which, long offset, float[] into) {
    vector.requireInside(offset, into.length);
    try (Scope session = ops.session()) {
      ops.read(vector(which), offset, into);
    }
  }

  /** Copies {@code from} over elements [offset, offset + from.length) of a state vector. */
  public void write(StateVector which, long offset, float[] from) {
    vector.requireInside(offset, from.length);
    try (Scope session = ops.session()) {
      ops.write(vector(which), offset, from);
      if (which == StateVector.PARAMETERS) {
        vector.changed();
      }
    }
  }

  private Tensor vector(StateVector which) {
    if (!state.containsKey(which)) {
      throw new IllegalArgumentException(
          "state must be one of " + state.keySet() + " (no average is kept) but was " + which);
    }
    return state.get(which);
  }

  @Override
  public void close() {
    ops.close();
  }
}
