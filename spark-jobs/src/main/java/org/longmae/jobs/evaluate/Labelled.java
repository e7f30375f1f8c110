package org.longmae.jobs.evaluate;

import java.io.Serializable;

/**
 * What a classifier sees of one picture.
 *
 * @param id of the sample in its shard set
 * @param label class index
 * @param features [D]
 */
public record Labelled(long id, int label, float[] features) implements Serializable {}
