package org.longmae.data.shard;

import java.io.Serializable;

/**
 * How many pictures a set was made of, and what became of them: {@code pictures = stored +
 * quarantined + duplicates}.
 *
 * @param pictures that the source lists
 * @param stored rows of the set
 * @param encodedAgain rows that are not their source's bytes
 * @param quarantined that could not be read
 * @param duplicates that were dropped
 * @param bytes of the set's files
 */
public record ShardCounts(
    long pictures, long stored, long encodedAgain, long quarantined, long duplicates, long bytes)
    implements Serializable {}
