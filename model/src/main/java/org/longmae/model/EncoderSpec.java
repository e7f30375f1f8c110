package org.longmae.model;

import java.io.Serializable;
import org.longmae.conf.TransformerConfig;

/**
 * The shape of an encoder by itself, as transfer takes it.
 *
 * @param channels C
 * @param grid of patches that it sees
 * @param positions the grid whose position table it has, brought to {@code grid} if that is another
 * @param patchSize p, side of a patch in pixels
 * @param encoder of width D
 */
public record EncoderSpec(
    int channels, Grid grid, Grid positions, int patchSize, TransformerConfig encoder)
    implements Serializable {
  /** The encoder of an autoencoder, at the length it was trained at. */
  public static EncoderSpec of(MaeSpec spec) {
    return new EncoderSpec(
        spec.channels(), spec.grid(), spec.grid(), spec.patchSize(), spec.encoder());
  }

  /** The same encoder at another length: its position table is resized. */
  public EncoderSpec transferredTo(Grid to, int side) {
    return new EncoderSpec(channels, to, positions, side, encoder);
  }

  /** L, patches of an image. */
  public int patches() {
    return grid.patches();
  }

  /** V = C·p·p, values of a patch. */
  public int patchValues() {
    return channels * patchSize * patchSize;
  }

  /** C·H·W, values of an image. */
  public int imageValues() {
    return patchValues() * patches();
  }

  /** (L + 1)·D values. */
  float[] positionTable() {
    float[] table = PositionTable.of(positions, encoder.width());
    return ResizedPositionTable.of(table, positions, grid, encoder.width(), Cubic.PLAIN);
  }

  /** B, images in so many values. */
  int images(float[] images_BCHW) {
    int images = images_BCHW.length / imageValues();
    if (images < 1 || images_BCHW.length != (long) images * imageValues()) {
      throw new IllegalArgumentException(
          String.format(
              "images must have length [B, C·H·W=%s] with B at least 1 but had %s",
              imageValues(), images_BCHW.length));
    }
    return images;
  }
}
