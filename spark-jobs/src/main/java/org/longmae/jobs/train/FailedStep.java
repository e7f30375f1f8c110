package org.longmae.jobs.train;

/**
 * A step that could not be taken, with all that it takes to try it again beside the state.
 *
 * @param message what is not finite, and where
 * @param done steps done before it, since the run's start
 * @param optimizerStep t of the optimiser's bias correction
 * @param rate its learning rate
 * @param threads that it was computed with
 * @param ids of its pictures
 * @param shuffles_BL their masks
 */
record FailedStep(
    String message,
    long done,
    long optimizerStep,
    double rate,
    int threads,
    long[] ids,
    int[] shuffles_BL) {}
