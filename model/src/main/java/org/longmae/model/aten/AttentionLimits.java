package org.longmae.model.aten;

/**
 * How attention trades memory for time; results do not depend on it but for rounding.
 *
 * @param chunk scores computed at a time, at least those of one head or image
 * @param kept scores of a call up to which their probabilities are kept for backward
 */
record AttentionLimits(long chunk, long kept) {
  static final AttentionLimits DEFAULT = new AttentionLimits(2 << 20, 64 << 20);
}
