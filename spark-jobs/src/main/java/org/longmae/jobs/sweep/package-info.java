/** A sweep: several points trained and evaluated alike, told in one report. */
package org.longmae.jobs.sweep;
