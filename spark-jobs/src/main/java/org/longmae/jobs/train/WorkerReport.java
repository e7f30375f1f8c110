package org.longmae.jobs.train;

/**
 * What a worker tells of its round, beside its state.
 *
 * @param worker from 0
 * @param weight its share of each batch
 * @param trained its steps, on its slices
 * @param description backend, device and precision that were used
 * @param failure why the round cannot go on; empty if it can
 */
record WorkerReport(
    int worker, double weight, TrainedSteps trained, String description, String failure) {}
