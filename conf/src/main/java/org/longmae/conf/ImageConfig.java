package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * The pictures as the model sees them.
 *
 * @param size height and width I in pixels, 8 to 4096, divisible by the patch size
 * @param channels colour channels; this release decodes RGB, so 3
 * @param mean subtracted from each channel after scaling to [0, 1]
 * @param std each channel is divided by it afterwards; positive
 * @param minCrop smallest share of the picture's area that a training crop covers, in (0, 1]; crops
 *     reach up to the whole picture
 * @param flip whether training mirrors half of the crops
 */
public record ImageConfig(
    int size, int channels, List<Double> mean, List<Double> std, double minCrop, boolean flip)
    implements Serializable {
  public ImageConfig {
    require(size >= 8 && size <= 4096, "image.size", "must be between 8 and 4096 but was %s", size);
    require(
        channels == 3,
        "image.channels",
        "must be 3 (pictures are decoded to RGB) but was %s",
        channels);
    require(
        mean.size() == channels,
        "image.mean",
        "must have one value a channel (%s) but had %s",
        channels,
        mean.size());
    require(
        std.size() == channels,
        "image.std",
        "must have one value a channel (%s) but had %s",
        channels,
        std.size());
    require(
        std.stream().allMatch(value -> value > 0), "image.std", "must be positive but was %s", std);
    require(minCrop > 0 && minCrop <= 1, "image.min-crop", "must be in (0, 1] but was %s", minCrop);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }
}
