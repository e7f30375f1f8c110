/** What is in a shard set: counts, sizes, classes, pixels, damage, and a sheet of pictures. */
package org.longmae.jobs.inspect;
