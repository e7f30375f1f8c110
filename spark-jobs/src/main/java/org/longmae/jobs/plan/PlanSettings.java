package org.longmae.jobs.plan;

import java.util.OptionalDouble;

/**
 * What a plan takes from outside the runs.
 *
 * @param workers W, of every point
 * @param memoryBytes that one worker may take
 * @param price of an hour of one worker, in whatever currency
 */
public record PlanSettings(int workers, long memoryBytes, OptionalDouble price) {}
