package org.longmae.jobs.train;

/**
 * A step that could not be taken, with all that it takes to try it again beside the state and the
 * pictures.
 *
 * @param message what is not finite, and where
 * @param done steps done before it, since the run's start
 * @param epoch of its batch, from 0
 * @param optimizerStep t of the optimiser's bias correction
 * @param rate its learning rate
 * @param threads that it was computed with
 * @param classes that labels are indices into
 * @param ids of its pictures
 * @param labels of its pictures
 */
record FailedStep(
    String message,
    long done,
    int epoch,
    long optimizerStep,
    double rate,
    int threads,
    int classes,
    long[] ids,
    int[] labels) {}
