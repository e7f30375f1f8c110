/**
 * Files inside archives, addressed where they lie: a tar's or zip's entries are listed with their
 * places in it, so that any task can read any one of them alone. Nothing is written under a name
 * that an archive states, and archives are limited before they are believed.
 */
package org.longmae.data.archive;
