package org.longmae.jobs.evaluate;

import java.io.Serializable;

/**
 * One picture as the model saw it and what it made of it.
 *
 * @param image_CHW normalised pixels
 * @param prediction_LV prediction of every patch, in target order
 * @param shuffle_L ids_shuffle; the first K patches were visible
 * @param attention_L each patch's share of the class token's attention, nothing being hidden
 */
public record Example(
    float[] image_CHW, float[] prediction_LV, int[] shuffle_L, float[] attention_L)
    implements Serializable {}
