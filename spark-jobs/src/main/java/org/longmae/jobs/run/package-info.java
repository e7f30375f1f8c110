/**
 * What a run leaves on the Hadoop file system: configuration, restart states, checkpoints, metrics.
 *
 * <p>Every file is written aside and renamed; of several files that belong together the manifest is
 * renamed last, so that what has a manifest is whole.
 */
package org.longmae.jobs.run;
