package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;
import java.util.List;

/**
 * The pictures as the model sees them.
 *
 * @param size height and width I in pixels, each 8 to 4096 and divisible by the patch size
 * @param channels 3 decodes pictures to RGB, 1 to grey levels (luma)
 * @param mean subtracted from each channel after scaling to [0, 1]
 * @param std each channel is divided by it afterwards; positive
 * @param minCrop smallest share of the picture's area that a training crop covers, in (0, 1]; crops
 *     reach up to the whole picture
 * @param flip whether training mirrors half of the crops
 */
public record ImageConfig(
    ImageSize size, int channels, List<Double> mean, List<Double> std, double minCrop, boolean flip)
    implements Serializable {
  public ImageConfig {
    require(
        channels == 1 || channels == 3,
        "image.channels",
        "must be 3 (pictures are decoded to RGB) or 1 (to grey levels) but was %s",
        channels);
    requireOneAChannel("image.mean", mean, channels);
    requireOneAChannel("image.std", std, channels);
    require(
        std.stream().allMatch(value -> value > 0), "image.std", "must be positive but was %s", std);
    require(minCrop > 0 && minCrop <= 1, "image.min-crop", "must be in (0, 1] but was %s", minCrop);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** The same pictures at another size. */
  public ImageConfig withSize(ImageSize other) {
    return new ImageConfig(other, channels, mean, std, minCrop, flip);
  }

  /** The same pictures with other training crops. */
  ImageConfig withMinCrop(double share) {
    return new ImageConfig(size, channels, mean, std, share, flip);
  }

  private static void requireOneAChannel(String key, List<Double> values, int channels) {
    require(
        values.size() == channels,
        List.of(key, "image.channels"),
        "must have one value a channel (%s) but had %s%s",
        channels,
        values.size(),
        // The averages of ImageNet's three values.
        channels == 1 ? "; for grey set image.mean = [0.449] and image.std = [0.226]" : "");
  }
}
