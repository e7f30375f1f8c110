package org.longmae.jobs.bench;

/**
 * Rounds of one way to average.
 *
 * @param strategy {@code averaging.strategy}, or {@code dl4j} for DL4J's master
 * @param secondsPerRound median over the rounds but the first and the last, from the end of one to
 *     the end of the next: local steps, exchange, commit
 * @param trainSecondsPerRound of these, the slowest worker's local steps; 0 where it is not known
 * @param bytesPerWorker written for others by a worker's tasks and the averaging tasks, a round:
 *     shuffle files and results that go to the driver, as Spark counts them
 * @param driverPeakHeapBytes the most that the driver's Java heap held behind a collection
 */
public record AveragingTimes(
    String strategy,
    double secondsPerRound,
    double trainSecondsPerRound,
    long bytesPerWorker,
    long driverPeakHeapBytes) {}
