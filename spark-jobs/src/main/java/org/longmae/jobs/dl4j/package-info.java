/**
 * The same model trained by DL4J's own parameter averaging: the baseline that the training service
 * is measured against, and a door for those who have DL4J pipelines.
 *
 * <p>The whole autoencoder is one output layer of a {@code ComputationGraph}: DL4J sees a flat
 * vector of parameters, one of gradients, and a score; its updater makes the step, its {@code
 * ParameterAveragingTrainingMaster} sends parameters and moments through the driver. Nothing
 * outside of this package knows DL4J. Reasons and limits: docs/decisions/0009-dl4j-baseline.md.
 */
package org.longmae.jobs.dl4j;
