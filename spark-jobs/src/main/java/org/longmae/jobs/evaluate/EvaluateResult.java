package org.longmae.jobs.evaluate;

import java.util.Optional;

/**
 * How a model did.
 *
 * @param heldOutLoss mean loss over the hidden patches of the pictures scored on, fixed masks
 * @param heldOutPictures pictures the loss is over
 * @param readout of its features; empty if the pictures have no classes to read
 * @param note why there is no readout; empty if there is one
 */
public record EvaluateResult(
    double heldOutLoss, int heldOutPictures, Optional<Readout> readout, String note) {}
