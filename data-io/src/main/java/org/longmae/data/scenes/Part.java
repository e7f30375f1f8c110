package org.longmae.data.scenes;

/** One painted solid of a model. */
record Part(Solid solid, Paint paint) {}
