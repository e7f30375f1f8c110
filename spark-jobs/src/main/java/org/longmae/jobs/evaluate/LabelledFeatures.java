package org.longmae.jobs.evaluate;

import java.io.Serializable;

/**
 * One picture for the probe.
 *
 * @param label class index
 * @param features the encoder's output, [D]
 */
record LabelledFeatures(int label, float[] features) implements Serializable {}
