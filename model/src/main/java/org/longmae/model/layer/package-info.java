/**
 * The layers, written once over {@link org.longmae.model.ops.Ops}: for each its formula, its
 * weights ({@code Params}; a gradient has the same type), what backward needs ({@code Saved}),
 * forward, and backward beside it.
 */
package org.longmae.model.layer;
