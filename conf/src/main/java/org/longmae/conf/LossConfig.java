package org.longmae.conf;

import java.io.Serializable;

/**
 * What the decoder is asked to predict.
 *
 * @param normalizedTarget whether each hidden patch is predicted after subtracting its own mean and
 *     dividing by its own standard deviation (the paper's setting), or as plain pixels
 */
public record LossConfig(boolean normalizedTarget) implements Serializable {}
