package org.longmae.jobs.weights;

import java.util.List;

/**
 * What became of a file of weights; {@code import.json} of the run that was made of it.
 *
 * @param file that they came from
 * @param naming {@code mae} or {@code hugging_face}
 * @param parameters that were taken over
 * @param drawn parameters that the file lacks and that have the run's initial values
 * @param resampled whether the patch kernel was brought to another patch size
 * @param unused tensors of the file that the model has no place for
 * @param weights checkpoint that was written
 */
public record ImportResult(
    String file,
    String naming,
    int parameters,
    List<String> drawn,
    boolean resampled,
    List<String> unused,
    String weights) {
  public ImportResult {
    drawn = List.copyOf(drawn);
    unused = List.copyOf(unused);
  }
}
