package org.longmae.model.layer;

/** Attention's backward as the softmax's derivative says, in double, with loops. */
final class NaiveAttentionGradient {
  private NaiveAttentionGradient() {}

  /**
   * The gradient of rows of queries, keys and values side by side, for one image and one head: dv =
   * Pᵀ do, dP = do vᵀ, dS = P ⊙ (dP − rowsum(P ⊙ dP)), dq = dS k/√A, dk = dSᵀ q/√A.
   */
  static double[] of(double[] qkv, double[] dContext, int tokens, int headSize) {
    int stride = 3 * headSize;
    double scale = 1 / Math.sqrt(headSize);
    double[] dQkv = new double[qkv.length];
    for (int query = 0; query < tokens; query++) {
      double[] p = probabilities(qkv, query, tokens, headSize);
      double[] dP = new double[tokens];
      double mean = 0;
      for (int key = 0; key < tokens; key++) {
        for (int a = 0; a < headSize; a++) {
          double dO = dContext[query * headSize + a];
          dP[key] += dO * qkv[key * stride + 2 * headSize + a];
          dQkv[key * stride + 2 * headSize + a] += p[key] * dO;
        }
        mean += p[key] * dP[key];
      }
      for (int key = 0; key < tokens; key++) {
        double dS = p[key] * (dP[key] - mean) * scale;
        for (int a = 0; a < headSize; a++) {
          dQkv[query * stride + a] += dS * qkv[key * stride + headSize + a];
          dQkv[key * stride + headSize + a] += dS * qkv[query * stride + a];
        }
      }
    }
    return dQkv;
  }

  private static double[] probabilities(double[] qkv, int query, int tokens, int headSize) {
    int stride = 3 * headSize;
    double[] p = new double[tokens];
    double largest = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < tokens; key++) {
      for (int a = 0; a < headSize; a++) {
        p[key] += qkv[query * stride + a] * qkv[key * stride + headSize + a];
      }
      p[key] /= Math.sqrt(headSize);
      largest = Math.max(largest, p[key]);
    }
    double sum = 0;
    for (int key = 0; key < tokens; key++) {
      p[key] = Math.exp(p[key] - largest);
      sum += p[key];
    }
    for (int key = 0; key < tokens; key++) {
      p[key] /= sum;
    }
    return p;
  }
}
