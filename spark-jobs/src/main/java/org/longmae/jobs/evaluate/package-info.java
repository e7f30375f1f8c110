/**
 * Judging a trained model: held-out reconstruction loss with fixed masks, a linear probe on frozen
 * features, and pictures of what it reconstructs.
 */
package org.longmae.jobs.evaluate;
