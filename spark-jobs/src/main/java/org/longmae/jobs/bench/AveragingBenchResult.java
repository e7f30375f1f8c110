package org.longmae.jobs.bench;

import java.util.List;

/**
 * Ways to average beside one another.
 *
 * @param parameters of the model
 * @param workers whose parameters are averaged
 * @param localSteps of a round
 * @param rounds that were timed of each
 * @param ways in the order in which they were measured
 */
public record AveragingBenchResult(
    long parameters, int workers, int localSteps, int rounds, List<AveragingTimes> ways) {}
