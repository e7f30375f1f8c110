package org.longmae.jobs.run;

import java.util.List;

/**
 * The pictures that a round trained on; {@code samples/round-000123.json}. The same whatever the
 * number of workers.
 *
 * @param round from 1
 * @param firstStep steps done before it
 * @param steps ids of the pictures of each step, in the order of the batch
 */
public record SampleLog(int round, long firstStep, List<long[]> steps) {}
