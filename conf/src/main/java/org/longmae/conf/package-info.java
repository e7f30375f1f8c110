/**
 * What a run is: immutable records, validated where they are made.
 *
 * <p>Text becomes records once, in {@code ConfigLoader}; past that point nobody sees a string key,
 * a map or a null. A key is the record component's name in kebab-case ({@code train.local-steps});
 * its meaning and legal range stand in the record, its default and source in {@code
 * reference.conf}.
 */
package org.longmae.conf;
