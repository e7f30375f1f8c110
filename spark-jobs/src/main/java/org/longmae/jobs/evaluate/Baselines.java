package org.longmae.jobs.evaluate;

/**
 * What a trained encoder's readout is compared with; both depend on the transfer length and not on
 * how the encoder was trained.
 *
 * @param untrained of an encoder of the same shape with random weights
 * @param pixels of the pictures' pixels
 */
public record Baselines(Readout untrained, Readout pixels) {}
