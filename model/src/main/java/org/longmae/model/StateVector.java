package org.longmae.model;

/** The vectors that make up a run's state, all of the layout's size; the last two are optional. */
public enum StateVector {
  /** The weights, in full precision. */
  PARAMETERS,
  /** Adam's running mean of the gradient. */
  FIRST_MOMENT,
  /** Adam's running mean of the squared gradient. */
  SECOND_MOMENT,
  /** The moving average of the weights, where there is one: see {@link TrainingEngine#vectors}. */
  AVERAGE,
  /** The momentum of averaging, where it has one: the run's, never a replica's. */
  OUTER_MOMENTUM
}
