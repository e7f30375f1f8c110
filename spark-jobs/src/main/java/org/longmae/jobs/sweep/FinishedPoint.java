package org.longmae.jobs.sweep;

import org.longmae.jobs.report.PointReport;

/**
 * What {@code point.json} holds.
 *
 * @param probeNote why the point has no linear probe; empty if it has one
 * @param compute backend, device and precision that it was trained with; empty if it failed, or was
 *     taken up when nothing was left to train
 * @param seconds the attempt that finished it took, evaluation included
 */
record FinishedPoint(PointReport report, String probeNote, String compute, double seconds) {}
