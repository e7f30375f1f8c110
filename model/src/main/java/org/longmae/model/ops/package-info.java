/** The arithmetic that the model is written over, and the memory it works in. */
package org.longmae.model.ops;
