package org.longmae.data.source;

import java.io.Serializable;

/**
 * A picture that is named in a source but not taken.
 *
 * @param place archive and entry, or path
 * @param reason what is wrong with it
 */
public record LeftOut(String place, String reason) implements Serializable {}
