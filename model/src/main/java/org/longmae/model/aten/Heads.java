package org.longmae.model.aten;

/** How attention cuts its rows: B·T tokens, each with N heads of size A. */
record Heads(long images, long tokens, long count, long size) {
  /** As queries, keys and values lie side by side, P = 3·N·A. */
  static Heads of(AtenTensor qkv_RP, int images, int count) {
    return new Heads(images, qkv_RP.size(0) / images, count, qkv_RP.size(1) / 3 / count);
  }

  /** Numbers of a token's result, N·A. */
  long width() {
    return count * size;
  }

  /** B·N·T. */
  long rows() {
    return images * count * tokens;
  }

  /** B·N·T². */
  long scores() {
    return rows() * tokens;
  }
}
