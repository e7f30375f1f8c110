package org.longmae.jobs.bench;

/**
 * Speed of a training step.
 *
 * @param compute backend, device, precision and threads
 * @param sequenceLength L, patches a picture
 * @param params trainable parameters
 * @param batch pictures a step
 * @param steps timed, after warm-up
 * @param stepSeconds median of a whole step: forward, backward, optimiser
 * @param imagesPerSecond at the median
 * @param gflopsPerSecond useful arithmetic (three forward passes) at the median, in 10⁹ operations
 * @param gemmGflopsPerSecond one large matrix product of the same type, best of several
 * @param peakBytes largest resident memory seen after a step, of the whole process
 * @param plannedBytes the same worked out, as {@code plan} does it: for ATen on a CPU
 */
public record StepBenchResult(
    String compute,
    int sequenceLength,
    long params,
    int batch,
    int steps,
    double stepSeconds,
    double imagesPerSecond,
    double gflopsPerSecond,
    double gemmGflopsPerSecond,
    long peakBytes,
    long plannedBytes) {}
