package org.longmae.jobs.report;

/**
 * A loss seen on the way.
 *
 * @param samplesSeen training pictures seen until then, repeated ones counted again
 * @param loss mean over hidden patches; not finite where training diverged, and then not drawn
 */
public record CurvePoint(long samplesSeen, double loss) {
  public CurvePoint {
    if (samplesSeen < 0) {
      throw new IllegalArgumentException("samplesSeen must be at least 0 but was " + samplesSeen);
    }
  }
}
