package org.longmae.jobs.evaluate;

/**
 * How well classes are read off one kind of features.
 *
 * @param neighbours answers of the k nearest training pictures
 * @param probe answers of the linear probe
 * @param penalty weight of the probe's ridge penalty that was chosen
 */
public record Readout(Answers neighbours, Answers probe, double penalty) {}
