/**
 * Where pictures come from: folders and COCO's layout on any Hadoop file system, listed as entries
 * with labels and annotations. Pictures are not opened here.
 */
package org.longmae.data.source;
