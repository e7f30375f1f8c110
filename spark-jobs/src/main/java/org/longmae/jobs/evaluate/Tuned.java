package org.longmae.jobs.evaluate;

/**
 * What fine-tuning came to.
 *
 * @param run URI of its run directory
 * @param answers to the pictures that it is scored on
 * @param epochs it was fine-tuned for
 * @param loss mean of the last round's cross entropies, of mixed pictures and smoothed labels
 * @param seconds of training, over all attempts
 */
public record Tuned(String run, Answers answers, int epochs, double loss, double seconds) {}
