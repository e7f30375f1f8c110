/** The application: {@link org.longmae.jobs.LongMae} is where every command starts. */
package org.longmae.jobs;
