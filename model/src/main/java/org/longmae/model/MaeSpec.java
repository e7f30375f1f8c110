package org.longmae.model;

import java.io.Serializable;
import org.longmae.conf.RunConfig;
import org.longmae.conf.TransformerConfig;

/**
 * The shape of a masked autoencoder: all that its arithmetic depends on.
 *
 * @param channels C
 * @param grid of patches; need not be square
 * @param patchSize p, side of a patch in pixels
 * @param encoder of width D
 * @param decoder of width E
 * @param keptPatches K, patches that the encoder sees in training
 * @param normalizedTarget whether a patch is predicted after taking out its own mean and deviation
 * @param decoderDownsampling d, side in patches of the squares that are one token to the decoder's
 *     blocks; divides the grid's sides and is a multiple of s
 * @param predictionDownsampling s, side in patches of the squares that are predicted as one patch
 */
public record MaeSpec(
    int channels,
    Grid grid,
    int patchSize,
    TransformerConfig encoder,
    TransformerConfig decoder,
    int keptPatches,
    boolean normalizedTarget,
    int decoderDownsampling,
    int predictionDownsampling)
    implements Serializable {
  public MaeSpec {
    if (keptPatches < 1 || keptPatches >= grid.patches()) {
      throw new IllegalArgumentException(
          String.format(
              "kept patches must be between 1 and %s but was %s", grid.patches() - 1, keptPatches));
    }
    grid.shrunk(decoderDownsampling);
    if (predictionDownsampling < 1 || decoderDownsampling % predictionDownsampling != 0) {
      throw new IllegalArgumentException(
          String.format(
              "decoder down-sampling must be a multiple of the prediction's (%s) but was %s",
              predictionDownsampling, decoderDownsampling));
    }
  }

  /** A model whose decoder sees and predicts every patch. */
  public MaeSpec(
      int channels,
      Grid grid,
      int patchSize,
      TransformerConfig encoder,
      TransformerConfig decoder,
      int keptPatches,
      boolean normalizedTarget) {
    this(channels, grid, patchSize, encoder, decoder, keptPatches, normalizedTarget, 1, 1);
  }

  /** The model of a run. */
  public static MaeSpec of(RunConfig run) {
    return new MaeSpec(
        run.image().channels(),
        new Grid(run.gridRows(), run.gridCols()),
        run.model().patchSize(),
        run.model().encoder(),
        run.model().decoder(),
        run.keptPatches(),
        run.loss().normalizedTarget(),
        run.model().decoderDownsampling(),
        run.model().predictionDownsampling());
  }

  /** L, patches of an image. */
  public int patches() {
    return grid.patches();
  }

  /** L − K, patches whose reconstruction is scored. */
  public int maskedPatches() {
    return grid.patches() - keptPatches;
  }

  /** V = C·p·p, values of a patch. */
  public int patchValues() {
    return channels * patchSize * patchSize;
  }

  /** The grid of the decoder's tokens. */
  public Grid decoderGrid() {
    return grid.shrunk(decoderDownsampling);
  }

  /** The grid of the patches that are predicted. */
  public Grid predictionGrid() {
    return grid.shrunk(predictionDownsampling);
  }

  /** Patches of an image that training predicts: the hidden ones, or all large ones. */
  int scoredPatches() {
    return predictionDownsampling == 1 ? maskedPatches() : predictionGrid().patches();
  }

  /** V·s², values of a patch that is predicted. */
  public int predictionValues() {
    return patchValues() * predictionDownsampling * predictionDownsampling;
  }

  /** C·H·W, values of an image. */
  public int imageValues() {
    return patchValues() * patches();
  }

  /** The same model seeing another number of patches. */
  MaeSpec withKeptPatches(int kept) {
    return new MaeSpec(
        channels,
        grid,
        patchSize,
        encoder,
        decoder,
        kept,
        normalizedTarget,
        decoderDownsampling,
        predictionDownsampling);
  }
}
