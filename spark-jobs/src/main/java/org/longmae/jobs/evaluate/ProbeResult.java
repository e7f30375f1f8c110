package org.longmae.jobs.evaluate;

import java.util.OptionalDouble;

/**
 * Outcome of the linear probe.
 *
 * @param accuracy share of held-out pictures classified rightly; empty if there is no probe
 * @param chance share of held-out pictures in the most frequent training class
 * @param trainPictures labelled training pictures
 * @param heldOutPictures labelled held-out pictures
 * @param note why there is no probe; empty if there is one
 */
public record ProbeResult(
    OptionalDouble accuracy,
    OptionalDouble chance,
    long trainPictures,
    long heldOutPictures,
    String note) {
  static ProbeResult none(long trainPictures, long heldOutPictures, String note) {
    return new ProbeResult(
        OptionalDouble.empty(), OptionalDouble.empty(), trainPictures, heldOutPictures, note);
  }
}
