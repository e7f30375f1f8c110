package org.longmae.jobs.weights;

import org.longmae.conf.ConfigException;
import org.longmae.conf.ImageSize;
import org.longmae.conf.RunConfig;
import org.longmae.data.tensor.TensorFormat;
import org.longmae.data.tensor.TensorType;
import org.longmae.model.Grid;

/**
 * What is wanted of an export.
 *
 * @param type of the elements: F32, F16 or BF16
 * @param image size of the pictures that it is for; the position tables are brought to its grid
 * @param patchSize p that it is for; the patch kernel is resampled to it
 * @param license as the model card shall state it
 */
public record ExportSettings(
    ExportFormat format, TensorType type, ImageSize image, int patchSize, String license) {
  /** Checks them against each other. */
  public ExportSettings {
    if (type == TensorType.BF16 && format.tensors() != TensorFormat.SAFETENSORS) {
      throw new ConfigException(
          "", "--type must be fp32 or fp16 with --format " + format + ", but was bf16");
    }
    if (patchSize < 1 || image.height() % patchSize != 0 || image.width() % patchSize != 0) {
      throw new ConfigException(
          "",
          "--image-size must be divisible by --patch-size (%d) but was %s"
              .formatted(patchSize, image));
    }
  }

  /**
   * Checks them against a run.
   *
   * @throws ConfigException if its model cannot be written so
   */
  public void check(RunConfig run) {
    if (format.hasDecoder() && patchSize != run.model().patchSize()) {
      throw new ConfigException(
          "",
          ("--patch-size must be the run's (%d) with --format %s, whose decoder predicts patches of"
                  + " that size, but was %d; timm and detectron2 have no decoder")
              .formatted(run.model().patchSize(), format, patchSize));
    }
    boolean coarse = run.model().decoderDownsampling() > 1;
    if (coarse && format == ExportFormat.HUGGINGFACE) {
      throw new ConfigException(
          "",
          "--format huggingface must have model.decoder-downsampling = 1, as ViTMAE has no other,"
              + " but the run has "
              + run.model().decoderDownsampling());
    }
    int cells = run.model().decoderDownsampling();
    if (format.hasDecoder() && (grid().rows() % cells != 0 || grid().cols() % cells != 0)) {
      throw new ConfigException(
          "",
          "--image-size must make a grid divisible by model.decoder-downsampling (%d) but was %s"
              .formatted(cells, image));
    }
  }

  /** Of patches. */
  Grid grid() {
    return new Grid(image.height() / patchSize, image.width() / patchSize);
  }
}
