package org.longmae.jobs.train;

import java.io.Serializable;
import java.util.List;
import org.longmae.jobs.run.StateManifest.Chunk;

/**
 * What a round gives back.
 *
 * @param trained its steps, on whole batches
 * @param description backend, device and precision that were used
 * @param chunks files of the state after it, empty if none was written
 * @param failure why the round cannot go on; empty if it can
 */
record RoundResult(TrainedSteps trained, String description, List<Chunk> chunks, String failure)
    implements Serializable {}
