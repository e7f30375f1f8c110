/** What is wrong with a cluster, before a run of days finds out: {@code doctor --cluster}. */
package org.longmae.jobs.doctor;
