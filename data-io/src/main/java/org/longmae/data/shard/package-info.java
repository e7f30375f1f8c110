/**
 * Shard sets: Parquet files of verified pictures with their labels and annotations, and a manifest.
 *
 * <p>A set is planned ({@link org.longmae.data.shard.ShardPlan}), built file by file ({@link
 * org.longmae.data.shard.ShardBuilder}) by tasks that need nothing of each other, committed by its
 * manifest ({@link org.longmae.data.shard.ShardManifest}) and read by row groups ({@link
 * org.longmae.data.shard.ShardReader}). Plans, builds and bytes are pure functions of the source
 * and the configuration.
 */
package org.longmae.data.shard;
