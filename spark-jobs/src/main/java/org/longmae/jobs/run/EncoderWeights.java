package org.longmae.jobs.run;

import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.model.EncoderSpec;
import org.longmae.model.ParameterLayout;
import org.longmae.model.ResampledPatchKernel;

/**
 * Reads a checkpoint's encoder into another model, which may see patches of another size: then the
 * patch kernel is resampled. Parameters that only one of the two has are passed over.
 */
public final class EncoderWeights {
  private final EncoderSpec trained;
  private final ParameterLayout into;
  private final int patchSize;
  private final Safetensors.Sink sink;
  private float[] values = new float[0];
  private int filled;

  private EncoderWeights(
      EncoderSpec trained, ParameterLayout into, int patchSize, Safetensors.Sink sink) {
    this.trained = trained;
    this.into = into;
    this.patchSize = patchSize;
    this.sink = sink;
  }

  /**
   * Reads.
   *
   * @param trained shape of the encoder in the file
   * @param into the other model's layout
   * @param patchSize side of its patches
   * @param sink takes its parameters
   * @throws IOException if the file is torn or a tensor is missing or of another shape
   */
  public static void read(
      FileSystem fs,
      Path file,
      EncoderSpec trained,
      ParameterLayout into,
      int patchSize,
      Safetensors.Sink sink)
      throws IOException {
    ParameterLayout layout = ParameterLayout.of(trained);
    EncoderWeights reader = new EncoderWeights(trained, into, patchSize, sink);
    Safetensors.read(
        fs, file, layout, (offset, piece) -> reader.take(layout.entryAt(offset), piece));
  }

  /** Pieces come in order; a parameter is handed on when it is whole. */
  private void take(ParameterLayout.Entry entry, float[] piece) {
    if (filled == 0) {
      values = new float[Math.toIntExact(entry.length())];
    }
    System.arraycopy(piece, 0, values, filled, piece.length);
    filled += piece.length;
    if (filled == values.length) {
      filled = 0;
      handOn(entry);
    }
  }

  private void handOn(ParameterLayout.Entry entry) {
    if (!into.contains(entry.name())) {
      return;
    }
    boolean kernel = entry.name().equals(ParameterLayout.PATCH_KERNEL);
    float[] brought =
        kernel ? ResampledPatchKernel.of(values, trained.patchSize(), patchSize) : values;
    ParameterLayout.Entry target = into.entry(entry.name());
    if (brought.length != target.length()) {
      throw new IllegalArgumentException(
          String.format(
              "%s must have shape %s but was %s",
              entry.name(), Arrays.toString(target.shape()), Arrays.toString(entry.shape())));
    }
    sink.write(target.offset(), brought);
  }
}
