package org.longmae.model.layer;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Multi-head self-attention among the tokens of each image.
 *
 * <pre>
 *   forward    q, k, v = split(x W_qkvᵀ + b_qkv)     for each image and head:
 *              P = softmax(q kᵀ / √A)     o = P v     y = join(o) W_projᵀ + b_proj
 *   backward   dv = Pᵀ do     dP = do vᵀ     dS = P ⊙ (dP − rowsum(P ⊙ dP))
 *              dq = dS k / √A     dk = dSᵀ q / √A
 * </pre>
 *
 * <p>Rows of W_qkv are the queries', the keys' and the values' D rows, each head by head.
 * Derivation: docs/math.md, "Attention".
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al.: Attention Is All You Need
 *     (2017)</a>
 */
public final class Attention {
  private Attention() {}

  /** The weights; a gradient has the same type. */
  public record Params(Linear.Params qkv, Linear.Params projection) {}

  /**
   * How rows are grouped.
   *
   * @param images B; the rows are B images of equally many tokens
   * @param heads N
   * @param keep what is kept for backward
   */
  public record Grouping(int images, int heads, Ops.Keep keep) {}

  /** What backward needs; the backend decides whether P is kept or recomputed. */
  public record Saved(Linear.Saved qkv, Ops.Attended attended, Linear.Saved projection) {}

  /** Returns y_RD. */
  public static Forward<Saved> forward(Ops ops, Tensor x_RD, Params p, Grouping grouping) {
    Forward<Linear.Saved> qkv = Linear.forward(ops, x_RD, p.qkv());
    Ops.Attended attended =
        ops.attention(qkv.y(), grouping.images(), grouping.heads(), grouping.keep());
    Forward<Linear.Saved> projection = Linear.forward(ops, attended.context_RD(), p.projection());
    return new Forward<>(projection.y(), new Saved(qkv.saved(), attended, projection.saved()));
  }

  /** Returns dX_RD and sets {@code grad}. */
  public static Tensor backward(Ops ops, Tensor dY_RD, Saved saved, Params p, Params grad) {
    Tensor dContext_RD =
        Linear.backward(ops, dY_RD, saved.projection(), p.projection(), grad.projection());
    Tensor dQkv_RP = ops.attentionBackward(dContext_RD, saved.attended());
    return Linear.backward(ops, dQkv_RP, saved.qkv(), p.qkv(), grad.qkv());
  }
}
