/** Jobs that make data: built-in scenes, and shard sets from any source. */
package org.longmae.jobs.shard;
