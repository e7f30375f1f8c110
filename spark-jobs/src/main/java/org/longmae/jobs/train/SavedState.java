package org.longmae.jobs.train;

import java.io.Serializable;
import org.longmae.jobs.run.StateManifest;

/**
 * A committed state and where it lies.
 *
 * @param folder URI of its folder
 */
public record SavedState(String folder, StateManifest manifest) implements Serializable {}
