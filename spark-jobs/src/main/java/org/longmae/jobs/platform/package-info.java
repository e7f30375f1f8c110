/** Where the jobs run: Spark, Hadoop's file systems, the machine. */
package org.longmae.jobs.platform;
