/** Measurements that users can repeat; each is a command. */
package org.longmae.jobs.bench;
