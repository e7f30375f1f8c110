package org.longmae.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.longmae.model.ops.Ops;

/** Weights of an engine for tests: set away from the start, and read by name in double. */
final class EngineWeights {
  /** Weights are multiples of it, so that a step of this size is exact in floats. */
  static final double QUANTUM = 0x1p-18;

  /** The vectors that a step changes. */
  private static final List<StateVector> TRAINED =
      List.of(StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);

  private EngineWeights() {}

  /** An engine whose weights are not those of a start: biases, norms and tokens take part. */
  static MaeEngine engine(MaeSpec spec, TestBackend backend) {
    return engine(spec, backend.open());
  }

  /** The same over an {@link Ops} that it closes with itself. */
  static MaeEngine engine(MaeSpec spec, Ops ops) {
    MaeEngine engine = MaeEngine.open(spec, Models.OPTIM, ops);
    engine.initialize(new SplittableRandom(21));
    SplittableRandom random = new SplittableRandom(22);
    float[] weights = all(engine, StateVector.PARAMETERS);
    for (int i = 0; i < weights.length; i++) {
      double moved = weights[i] + 0.2 * random.nextGaussian();
      weights[i] = (float) (Math.rint(moved / QUANTUM) * QUANTUM);
    }
    engine.write(StateVector.PARAMETERS, 0, weights);
    return engine;
  }

  /** A whole state vector. */
  static float[] all(TrainingEngine engine, StateVector vector) {
    float[] values = new float[(int) engine.stateLength()];
    engine.read(vector, 0, values);
    return values;
  }

  /** Weights and moments, in this order. */
  static List<float[]> state(MaeEngine engine) {
    return TRAINED.stream().map(vector -> all(engine, vector)).toList();
  }

  /** The weights by their names. */
  static Function<String, double[]> byName(TrainingEngine engine) {
    float[] weights = all(engine, StateVector.PARAMETERS);
    Map<String, double[]> named = new HashMap<>();
    for (ParameterLayout.Entry entry : engine.layout().entries()) {
      double[] values = new double[(int) entry.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = weights[(int) entry.offset() + i];
      }
      named.put(entry.name(), values);
    }
    return named::get;
  }
}
