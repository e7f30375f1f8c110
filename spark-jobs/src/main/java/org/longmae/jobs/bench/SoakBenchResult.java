package org.longmae.jobs.bench;

/**
 * Memory of a process that trains for long.
 *
 * @param compute backend, device, precision and threads
 * @param sequenceLength L, patches a picture
 * @param batch pictures a step
 * @param steps in all
 * @param seconds they took
 * @param maxHeapBytes the JVM's limit of its heap
 * @param warmBytes resident memory of the process after warm-up, the first fifth of the steps
 * @param endBytes resident memory after the last step
 * @param growthBytesPerMinute median slope of resident memory between steps since warm-up; may be
 *     negative
 * @param warmObjects native objects that JavaCPP holds, after warm-up
 * @param endObjects the same after the last step
 */
public record SoakBenchResult(
    String compute,
    int sequenceLength,
    int batch,
    int steps,
    double seconds,
    long maxHeapBytes,
    long warmBytes,
    long endBytes,
    double growthBytesPerMinute,
    long warmObjects,
    long endObjects) {}
