package org.longmae.model.ops;

/**
 * The element types of one {@link Ops}: that of the state (weights, optimiser moments, gradients)
 * and that of the operands of matrix products and of activations.
 */
public enum Precision {
  /** Both 64 bits: for checking gradients, not for training. */
  DOUBLE,
  /** Both 32 bits. */
  FP32,
  /** State in 32 bits; matrix products of bfloat16 with accumulation in 32 bits. */
  BF16
}
