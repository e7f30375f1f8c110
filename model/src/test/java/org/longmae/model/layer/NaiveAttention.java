package org.longmae.model.layer;

/** Attention as its formula says, in double, with loops: what the fast ones are checked against. */
final class NaiveAttention {
  private NaiveAttention() {}

  /** The heads' results side by side, from rows of queries, keys and values side by side. */
  static double[] context(double[] qkv, int images, int tokens, int heads, int headSize) {
    int width = heads * headSize;
    double[] context = new double[images * tokens * width];
    for (int image = 0; image < images; image++) {
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < tokens; query++) {
          int q = (image * tokens + query) * 3 * width + head * headSize;
          double[] weights = new double[tokens];
          double sum = 0;
          for (int key = 0; key < tokens; key++) {
            int k = (image * tokens + key) * 3 * width + width + head * headSize;
            double score = 0;
            for (int a = 0; a < headSize; a++) {
              score += qkv[q + a] * qkv[k + a];
            }
            weights[key] = Math.exp(score / Math.sqrt(headSize));
            sum += weights[key];
          }
          for (int key = 0; key < tokens; key++) {
            int v = (image * tokens + key) * 3 * width + 2 * width + head * headSize;
            for (int a = 0; a < headSize; a++) {
              context[(image * tokens + query) * width + head * headSize + a] +=
                  weights[key] / sum * qkv[v + a];
            }
          }
        }
      }
    }
    return context;
  }
}
