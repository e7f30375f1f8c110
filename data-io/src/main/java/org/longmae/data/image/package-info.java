/**
 * Pictures in memory: decoding and encoding with OpenCV, crops, resampling and normalising.
 *
 * <p>Nothing here knows files, shards or where a picture came from. Random choices take their
 * generator as a parameter.
 */
package org.longmae.data.image;
