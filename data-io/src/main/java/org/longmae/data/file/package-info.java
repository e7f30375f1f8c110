/** Files on Hadoop's file systems that a reader sees whole or not at all. */
package org.longmae.data.file;
