package org.longmae.jobs.evaluate;

/**
 * How a model did.
 *
 * @param heldOutLoss mean loss over the hidden patches of the held-out pictures, fixed masks
 * @param heldOutPictures pictures the loss is over
 */
public record EvaluateResult(double heldOutLoss, int heldOutPictures, ProbeResult probe) {}
