package org.longmae.model;

/** The vectors that make up a replica's state, all of the layout's size. */
public enum StateVector {
  /** The weights, in full precision. */
  PARAMETERS,
  /** Adam's running mean of the gradient. */
  FIRST_MOMENT,
  /** Adam's running mean of the squared gradient. */
  SECOND_MOMENT
}
