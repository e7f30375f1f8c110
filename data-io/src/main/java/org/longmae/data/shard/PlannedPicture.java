package org.longmae.data.shard;

import java.io.Serializable;
import org.longmae.data.source.SourceEntry;

/**
 * A picture with its place in a shard set.
 *
 * @param id position in the whole plan; never given to another picture, even if this one turns out
 *     to be unreadable
 */
public record PlannedPicture(long id, SourceEntry entry) implements Serializable {}
