package org.longmae.model.layer;

import org.longmae.model.ops.Tensor;

/** What a layer's forward returns: its result, and what its backward needs. */
public record Forward<S>(Tensor y, S saved) {}
