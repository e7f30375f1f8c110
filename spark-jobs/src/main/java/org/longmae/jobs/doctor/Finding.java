package org.longmae.jobs.doctor;

/**
 * Something that is wrong with a cluster.
 *
 * @param where the driver, or an executor and its machine
 * @param what the rule and the value that breaks it
 * @param remedy what to do
 */
public record Finding(String where, String what, String remedy) {}
