package org.longmae.data.shard;

import java.io.Serializable;

/**
 * A picture that could not be read and is in no shard.
 *
 * @param path full path of the source file
 * @param reason what is wrong with it
 * @param sha256 of the file, in hex; empty if it could not be read at all
 */
public record Quarantined(String path, String reason, String sha256) implements Serializable {}
