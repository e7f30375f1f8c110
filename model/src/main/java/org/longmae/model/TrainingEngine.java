package org.longmae.model;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A replica as the training service sees it, whatever it trains: a state of a few flat vectors that
 * is written to files, exchanged and averaged. What a step takes is each engine's own.
 */
public sealed interface TrainingEngine extends AutoCloseable permits MaeEngine, ClassifierEngine {
  /** Where each parameter lies in a state vector. */
  ParameterLayout layout();

  /** What was chosen, such as {@code aten/cpu/bf16, 2 threads}. */
  String description();

  /** Draws initial weights, clears the optimiser's state, and starts the average at the weights. */
  void initialize(RandomGenerator random);

  /** The vectors that the state consists of, in order: all, or all but the average. */
  List<StateVector> vectors();

  /** Copies elements [offset, offset + into.length) of a state vector out. */
  void read(StateVector which, long offset, float[] into);

  /** Copies {@code from} over elements [offset, offset + from.length) of a state vector. */
  void write(StateVector which, long offset, float[] from);

  /**
   * Tensors that a checkpoint has beside the parameters, since consumers want them: functions of
   * the shape, and so no part of the state.
   */
  List<FixedTensor> fixedTensors();

  /** A tensor of a checkpoint that is not trained. */
  record FixedTensor(String name, long[] shape, float[] values) {}

  /** Length of each state vector: the layout's size. */
  default long stateLength() {
    return layout().size();
  }

  @Override
  void close();
}
