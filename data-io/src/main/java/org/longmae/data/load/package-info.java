/**
 * From shards to batches: the order of an epoch, decoding and augmentation on threads ahead of the
 * consumer.
 *
 * <p>What a batch holds depends on the shard set, the configuration and the step alone, never on
 * threads or on what was read before.
 */
package org.longmae.data.load;
