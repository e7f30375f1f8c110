package org.longmae.jobs.weights;

/**
 * What an export wrote.
 *
 * @param folder of all its files
 * @param file of the weights
 * @param format as it was asked for
 * @param tensors in the file
 * @param elements of them all
 */
public record ExportResult(String folder, String file, String format, int tensors, long elements) {}
