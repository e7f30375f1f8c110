/**
 * The report of a sweep: one self-contained HTML page.
 *
 * <p>{@link org.longmae.jobs.report.SweepReport} holds everything that the page says and is written
 * as JSON as it stands; {@link org.longmae.jobs.report.ReportPage} turns it into text. Nothing here
 * opens a file or a connection, and the page needs neither network nor script.
 */
package org.longmae.jobs.report;
