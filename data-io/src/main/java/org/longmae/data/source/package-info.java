/**
 * Where pictures come from: folders and archives on any Hadoop file system, in the layouts of COCO,
 * ImageNet, Open Images and CIFAR, listed as entries with labels and places of annotations.
 * Pictures are not opened here.
 *
 * <p>A {@link org.longmae.data.source.PictureSource} makes a tree of files, archives included; a
 * layout joins labels and annotations to its pictures; a {@link
 * org.longmae.data.source.SourceReader} reads what the entries refer to, on any machine.
 */
package org.longmae.data.source;
