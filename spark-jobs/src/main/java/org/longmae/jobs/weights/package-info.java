/**
 * Weights on their way to and from other programs: exports by the names and in the files that each
 * reads, imports of what others trained, and a kit that holds another implementation to this one.
 */
package org.longmae.jobs.weights;
