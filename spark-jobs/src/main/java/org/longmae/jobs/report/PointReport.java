package org.longmae.jobs.report;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.longmae.conf.ImageSize;

/**
 * One point of a sweep: what was set, what it cost, what came out.
 *
 * @param name unique in the sweep; the page's pictures are found by it
 * @param encoder its shape, in words
 * @param dataset short name of the pictures trained on
 * @param seed of all that was drawn
 * @param imageSize height and width I of the training pictures
 * @param channels colour channels of the training pictures
 * @param patchSize side p of a patch, pixels
 * @param maskUnit side, in patches, of the squares hidden together
 * @param maskRatio share of patches hidden, in (0, 1)
 * @param sequenceLength L, patches a picture
 * @param visiblePatches K, patches the encoder sees
 * @param parameters trained weights, encoder and decoder
 * @param gflopsPerImage arithmetic of one training step, forward and backward, for one picture, in
 *     10⁹ floating-point operations
 * @param normalizedTarget whether each patch is predicted relative to its own mean and deviation
 * @param predictionDownsampling side, in patches, of the squares predicted as one patch
 * @param epochs passes over the training pictures
 * @param samplesSeen training pictures seen, repeated ones counted again
 * @param imagesPerSecond training throughput
 * @param trainSeconds training time without evaluation
 * @param curve training loss, in order
 * @param heldOut loss on held-out pictures with fixed masks, in order; empty where not measured
 * @param scores labelled evaluations, the most telling first; empty where there are none
 * @param reconstructionColumns what the columns of the picture grid are, left to right
 * @param reconstructionNote what the picture grid shows, or why there is none
 * @param runDirectory where the run lies
 * @param failure why the point has no result; empty if it went well
 */
public record PointReport(
    String name,
    String encoder,
    String dataset,
    long seed,
    @JsonSerialize(using = ImageSizeJson.Writer.class)
        @JsonDeserialize(using = ImageSizeJson.Reader.class)
        ImageSize imageSize,
    int channels,
    int patchSize,
    int maskUnit,
    double maskRatio,
    int sequenceLength,
    int visiblePatches,
    long parameters,
    double gflopsPerImage,
    boolean normalizedTarget,
    int predictionDownsampling,
    int epochs,
    long samplesSeen,
    double imagesPerSecond,
    double trainSeconds,
    List<CurvePoint> curve,
    List<CurvePoint> heldOut,
    List<Score> scores,
    List<String> reconstructionColumns,
    String reconstructionNote,
    String runDirectory,
    String failure) {

  public PointReport {
    if (sequenceLength < 1) {
      throw new IllegalArgumentException(
          name + ": sequenceLength must be at least 1 but was " + sequenceLength);
    }
    // Reports of before do not say.
    encoder = encoder == null ? "" : encoder;
    dataset = dataset == null ? "" : dataset;
    curve = List.copyOf(curve);
    heldOut = List.copyOf(heldOut);
    scores = List.copyOf(scores);
    reconstructionColumns = List.copyOf(reconstructionColumns);
  }

  /** Whether the point has no result. */
  public boolean failed() {
    return !failure.isEmpty();
  }

  /** The held-out loss at the end; empty where it was not measured or is not finite. */
  public OptionalDouble heldOutLoss() {
    return heldOut.isEmpty()
        ? OptionalDouble.empty()
        : finite(heldOut.get(heldOut.size() - 1).loss());
  }

  /** The first held-out loss, of a model that has learnt little or nothing. */
  public OptionalDouble firstHeldOutLoss() {
    return heldOut.isEmpty() ? OptionalDouble.empty() : finite(heldOut.get(0).loss());
  }

  /** The evaluation of that name. */
  public Optional<Score> score(String wanted) {
    return scores.stream().filter(score -> score.name().equals(wanted)).findFirst();
  }

  /**
   * The same point, told of in other words.
   *
   * @param directory in place of where its run lies
   * @param why in place of its failure
   */
  public PointReport at(String directory, String why) {
    return new PointReport(
        name,
        encoder,
        dataset,
        seed,
        imageSize,
        channels,
        patchSize,
        maskUnit,
        maskRatio,
        sequenceLength,
        visiblePatches,
        parameters,
        gflopsPerImage,
        normalizedTarget,
        predictionDownsampling,
        epochs,
        samplesSeen,
        imagesPerSecond,
        trainSeconds,
        curve,
        heldOut,
        scores,
        reconstructionColumns,
        reconstructionNote,
        directory,
        why);
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
