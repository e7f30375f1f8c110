/**
 * Pictures of what a model reconstructs.
 *
 * <p>{@link org.longmae.jobs.picture.Reconstruction} turns one prediction into panels that stand
 * side by side; {@link org.longmae.jobs.picture.PictureGrid} puts the panels of several pictures
 * into one. Nothing here opens a file; captions are text, never painted into a picture.
 *
 * <p>Axes in names of arrays: C channels, H and W pixels, L patches a picture, V values a patch.
 */
package org.longmae.jobs.picture;
