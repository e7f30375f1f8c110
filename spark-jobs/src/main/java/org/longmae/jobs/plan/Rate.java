package org.longmae.jobs.plan;

/**
 * How fast one worker computes.
 *
 * @param gflops 10⁹ operations a second in whole training steps, of those that {@code StepCost}
 *     counts
 * @param source how it is known, in words
 */
public record Rate(double gflops, String source) {}
