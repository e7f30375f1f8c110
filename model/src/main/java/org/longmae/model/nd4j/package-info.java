/** The portable backend: ND4J. */
package org.longmae.model.nd4j;
