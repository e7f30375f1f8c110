package org.longmae.jobs.evaluate;

import org.apache.spark.api.java.JavaRDD;

/**
 * A classification task in one kind of features.
 *
 * @param train pictures to fit to, kept in memory by whoever made it
 * @param heldOut pictures to score on, kept as well
 * @param classes how many there are
 * @param commonest the class that most pictures of {@code train} have
 */
record Task(JavaRDD<Labelled> train, JavaRDD<Labelled> heldOut, int classes, int commonest) {}
