/** The command line: options to typed configuration, jobs, and what a user sees of them. */
package org.longmae.jobs.cli;
