package org.longmae.model;

/**
 * What the class token looks at: its row of softmax(q kᵀ / √A), the mean over heads.
 *
 * @see <a href="https://arxiv.org/abs/2104.14294">Caron et al.: Emerging Properties in
 *     Self-Supervised Vision Transformers (2021)</a>, figure 1, for pictures of it
 */
final class ClassAttention {
  private ClassAttention() {}

  /**
   * Each patch's share of the class token's attention; the class token's share of its own is what
   * is missing to 1.
   *
   * @param qkv_RP queries, keys and values of {@code images} images of equally many tokens, the
   *     class token first; each of the three D values head by head
   * @return [B, L]
   */
  static float[] of(float[] qkv_RP, int images, int width, int heads) {
    int tokens = qkv_RP.length / (3 * width) / images;
    float[] shares_BL = new float[images * (tokens - 1)];
    for (int image = 0; image < images; image++) {
      for (int head = 0; head < heads; head++) {
        double[] shares_T = shares(qkv_RP, image * tokens, tokens, width, head, width / heads);
        for (int token = 1; token < tokens; token++) {
          shares_BL[image * (tokens - 1) + token - 1] += (float) (shares_T[token] / heads);
        }
      }
    }
    return shares_BL;
  }

  private static double[] shares(
      float[] qkv_RP, int first, int tokens, int width, int head, int size) {
    double[] logits_T = new double[tokens];
    double most = Double.NEGATIVE_INFINITY;
    int query = first * 3 * width + head * size;
    for (int token = 0; token < tokens; token++) {
      int key = (first + token) * 3 * width + width + head * size;
      for (int i = 0; i < size; i++) {
        logits_T[token] += (double) qkv_RP[query + i] * qkv_RP[key + i];
      }
      logits_T[token] /= Math.sqrt(size);
      most = Math.max(most, logits_T[token]);
    }
    double sum = 0;
    for (int token = 0; token < tokens; token++) {
      logits_T[token] = Math.exp(logits_T[token] - most);
      sum += logits_T[token];
    }
    for (int token = 0; token < tokens; token++) {
      logits_T[token] /= sum;
    }
    return logits_T;
  }
}
