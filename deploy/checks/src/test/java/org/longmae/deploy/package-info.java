/** Checks of what operators are given: manifests, property files, scripts, schedules. */
package org.longmae.deploy;
