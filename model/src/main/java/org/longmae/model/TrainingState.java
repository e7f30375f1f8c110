package org.longmae.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.longmae.conf.OptimConfig;
import org.longmae.model.ops.AdamW;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * What a replica has in mind between steps, whatever its model: weights, moments, their average;
 * and how a gradient changes them.
 *
 * @param <P> the model's parts of a flat vector
 */
@SuppressWarnings("try") // A scope acts by closing; few need its name.
final class TrainingState<P> {
  private static final double CLIP_EPSILON = 1e-6;

  private final Ops ops;
  private final OptimConfig optim;
  private final WeightVector vector;
  private final Map<StateVector, Tensor> state = new EnumMap<>(StateVector.class);
  private final FlatGradient<P> gradient;
  private final List<LayerDecay.Run> runs;

  /**
   * Takes memory that lives as long as {@code ops}; all zeros.
   *
   * @param depth blocks of the encoder, for rates that differ by layer
   */
  TrainingState(
      Ops ops, ParameterLayout layout, int depth, OptimConfig optim, FlatGradient.Cut<P> cut) {
    this.ops = ops;
    this.optim = optim;
    vector = new WeightVector(ops, layout);
    state.put(StateVector.PARAMETERS, vector.parameters());
    state.put(StateVector.FIRST_MOMENT, ops.stateZeros(layout.size()));
    state.put(StateVector.SECOND_MOMENT, ops.stateZeros(layout.size()));
    if (optim.emaDecay() > 0) {
      state.put(StateVector.AVERAGE, ops.stateZeros(layout.size()));
    }
    gradient = new FlatGradient<>(ops, layout, cut);
    runs = gradient.cut(LayerDecay.runs(layout, depth, optim.layerDecay()));
  }

  WeightVector weights() {
    return vector;
  }

  /** What backward writes to. */
  P gradient() {
    return gradient.parameters();
  }

  /** Draws initial weights, clears the moments, and starts the average at the weights. */
  void initialize(RandomGenerator random) {
    vector.initialize(random);
    start();
  }

  /** Clears the moments, and starts the average at the weights as they are. */
  void start() {
    ops.clear(state.get(StateVector.FIRST_MOMENT));
    ops.clear(state.get(StateVector.SECOND_MOMENT));
    if (state.containsKey(StateVector.AVERAGE)) {
      ops.cast(vector.parameters(), state.get(StateVector.AVERAGE));
    }
  }

  /** A batch's mean loss, and what its gradient is to be multiplied by: 1 but for clipping. */
  record Slope(double loss, double gradientScale) {}

  /**
   * The mean loss of a batch that is worked on in parts; its gradient is kept for {@link #update}.
   *
   * @param session that memory for a sum over parts outlives
   * @param shareOfLoss each part's share of the mean loss; it writes that share's gradient
   * @throws NonFiniteLossException if the loss or the gradient is not finite
   */
  Slope slope(Scope session, int parts, IntToDoubleFunction shareOfLoss, long step) {
    double loss = 0;
    for (int part = 0; part < parts; part++) {
      double share = shareOfLoss.applyAsDouble(part);
      if (!Double.isFinite(share)) {
        throw new NonFiniteLossException(culprit("weight", this::weight, "the loss"), share, step);
      }
      loss += share;
      if (parts == 1) {
        gradient.set();
      } else {
        gradient.add(part == 0, session);
      }
    }
    boolean clipped = optim.clipNorm() > 0;
    double squaredNorm = clipped ? gradient.squaredNorm() : 0;
    if (clipped ? !Double.isFinite(squaredNorm) : !gradient.isFinite()) {
      throw new NonFiniteLossException(
          culprit("gradient", gradient::read, "the gradient's norm"), loss, step);
    }
    return new Slope(loss, clipped ? clippedTo(optim.clipNorm(), Math.sqrt(squaredNorm)) : 1);
  }

  /** What brings a gradient down to the largest norm allowed; as torch's clip_grad_norm_. */
  private static double clippedTo(double most, double norm) {
    return Math.min(1, most / (norm + CLIP_EPSILON));
  }

  /** Takes a step of the optimiser along a multiple of the gradient. */
  void update(double rate, long step, double scale) {
    switch (optim.kind()) {
      case ADAMW -> runs.forEach(run -> update(run, rate, step, scale));
      case SGD -> runs.forEach(run -> descend(run, rate, scale));
    }
    if (state.containsKey(StateVector.AVERAGE)) {
      ops.average(optim.emaDecay(), state.get(StateVector.AVERAGE), vector.parameters());
    }
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
    ops.adamW(
        adam,
        run.from(),
        run.to(),
        vector.parameters(),
        state.get(StateVector.FIRST_MOMENT),
        state.get(StateVector.SECOND_MOMENT),
        gradient.range(run.from(), run.to()),
        vector.working());
  }

  /** θ ← θ·(1 − η·λ) − η·s·g. */
  private void descend(LayerDecay.Run run, double rate, double gradientScale) {
    double runRate = rate * run.scale();
    double keep = run.decayed() ? 1 - runRate * optim.weightDecay() : 1;
    Tensor slope = gradient.range(run.from(), run.to());
    ops.descend(
        keep, runRate * gradientScale, run.from(), vector.parameters(), slope, vector.working());
  }

  /** The gradient, rounded to 32 bits where it has more. */
  void readGradient(float[] into) {
    gradient.read(into);
  }

  /** The gradient in full precision. */
  double[] downloadGradient() {
    return gradient.download();
  }

  /** The vectors that there are, in order. */
  List<StateVector> vectors() {
    return List.copyOf(state.keySet());
  }

  void read(StateVector which, long offset, float[] into) {
    vector.requireInside(offset, into.length);
    ops.read(vector(which), offset, into);
  }

  void write(StateVector which, long offset, float[] from) {
    vector.requireInside(offset, from.length);
    ops.write(vector(which), offset, from);
    if (which == StateVector.PARAMETERS) {
      vector.changed();
    }
  }

  private Tensor vector(StateVector which) {
    if (!state.containsKey(which)) {
      throw new IllegalArgumentException(
          "state must be one of " + state.keySet() + " (no average is kept) but was " + which);
    }
    return state.get(which);
  }

  private float[] weight(ParameterLayout.Entry entry) {
    float[] values = new float[Math.toIntExact(entry.length())];
    ops.read(vector.parameters(), entry.offset(), values);
    return values;
  }

  /** Names the first parameter whose elements are not all finite. */
  private String culprit(
      String what, Function<ParameterLayout.Entry, float[]> elements, String otherwise) {
    for (ParameterLayout.Entry entry : vector.layout().entries()) {
      for (float value : elements.apply(entry)) {
        if (!Float.isFinite(value)) {
          return "the " + what + " of " + entry.name();
        }
      }
    }
    return otherwise;
  }
}
