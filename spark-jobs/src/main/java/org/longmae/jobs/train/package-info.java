/**
 * The training service: a run is a fold over rounds.
 *
 * <p>{@link org.longmae.jobs.train.PretrainJob} is the driver's recipe, {@link
 * org.longmae.jobs.train.TrainRound} what an executor runs, {@link
 * org.longmae.jobs.train.LocalTrainer} the loop, which knows no Spark.
 */
package org.longmae.jobs.train;
