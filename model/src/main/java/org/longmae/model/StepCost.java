package org.longmae.model;

import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.conf.TransformerConfig;
import org.longmae.model.aten.AtenLimits;

/**
 * Multiply-adds of one image in a training step as this implementation does them, where {@link
 * CostModel} has the ones that papers compare.
 *
 * <pre>
 *   forward    only K patches are embedded and L − K predicted; of the decoder's last block, the
 *              MLP sees L − K rows (on a coarser grid, all but the class token)
 *   backward   two for each of forward's, but one for the embedding: pixels need no gradient
 *   recompute  attention: T²·D a block for the scores, also where their keeping has no room;
 *              block: the blocks' forward once more
 * </pre>
 *
 * <p>Softmax, norms, GELU and the optimiser are left out here as well.
 *
 * @param forward multiply-adds of forward
 * @param backward of backward, without what it computes once more
 * @param recomputed what it computes once more
 */
public record StepCost(long forward, long backward, long recomputed) {
  /** The cost of an image in such a step. */
  public static StepCost of(MaeSpec spec, StepShape step) {
    long visible = spec.keptPatches();
    long cells = spec.decoderGrid().patches();
    long width = spec.encoder().width();
    long decoderWidth = spec.decoder().width();
    boolean coarse = spec.decoderDownsampling() > 1;
    Stack encoder = new Stack(spec.encoder(), visible + 1, visible + 1);
    Stack decoder = new Stack(spec.decoder(), cells + 1, coarse ? cells : spec.maskedPatches());
    long embedding = visible * spec.patchValues() * width;
    long prediction = (long) spec.scoredPatches() * decoderWidth * spec.predictionValues();
    long forward =
        embedding
            + encoder.forward()
            + (visible + 1) * width * decoderWidth
            + CostModel.resampling(spec)
            + decoder.forward()
            + prediction;
    return new StepCost(
        forward, 2 * forward - embedding, encoder.recomputed(step) + decoder.recomputed(step));
  }

  /** Blocks on T tokens of an image, of which {@code last} go on behind the last attention. */
  private record Stack(TransformerConfig shape, long tokens, long last) {
    long forward() {
      long width = shape.width();
      long mlps = (shape.depth() - 1) * tokens + last;
      return shape.depth() * (4 * tokens * width * width + 2 * scores()) + 8 * mlps * width * width;
    }

    /** T²·D: the product of queries and keys. */
    private long scores() {
      return tokens * tokens * shape.width();
    }

    long recomputed(StepShape step) {
      boolean kept =
          step.recompute() != Recompute.ATTENTION
              && step.part() * shape.heads() * tokens * tokens <= AtenLimits.keptScores();
      boolean blocks = step.recompute() == Recompute.BLOCK;
      return (blocks ? forward() : 0) + (kept ? 0 : shape.depth() * scores());
    }
  }

  /** Floating-point operations of one image: two a multiply-add. */
  public long flops() {
    return 2 * (forward + backward + recomputed);
  }
}
