package org.longmae.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * Transformer blocks, one after the other, and what of them is kept for backward.
 *
 * <pre>
 *   none        all that backward needs
 *   attention   the same without the softmax of queries and keys
 *   block       each block's input; backward runs the block's forward again, then goes back through
 *               it, and frees both before the next: of depth · activations, one block's are left
 * </pre>
 *
 * <p>What is computed again is computed by the same calls on the same numbers, so gradients are the
 * same bits whatever is kept.
 *
 * <p>The last block may be asked for some rows of its result only, see {@link TransformerBlock}.
 *
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al.: Training Deep Nets with Sublinear
 *     Memory Cost (2016)</a>
 */
public final class TransformerStack {
  private TransformerStack() {}

  /**
   * How a stack works.
   *
   * @param images B; the rows are B images of equally many tokens
   * @param heads N
   * @param recompute what is not kept for backward
   * @param paths of each block; empty where all images pass through all branches
   */
  public record Plan(int images, int heads, Recompute recompute, List<Paths> paths) {
    /** All images through all branches. */
    public Plan(int images, int heads, Recompute recompute) {
      this(images, heads, recompute, List.of());
    }

    private Paths paths(int block) {
      return paths.isEmpty() ? Paths.ALL : paths.get(block);
    }

    private Attention.Grouping grouping(Ops.Keep keep) {
      return new Attention.Grouping(images, heads, keep);
    }

    private Attention.Grouping forBackward() {
      return grouping(recompute == Recompute.ATTENTION ? Ops.Keep.INPUTS : Ops.Keep.PROBABILITIES);
    }
  }

  /** What is kept of one block: all that its backward needs, or its input. */
  private sealed interface Kept {
    record Activations(TransformerBlock.Saved saved) implements Kept {}

    record Input(Tensor x_RD) implements Kept {}
  }

  /** What backward needs. */
  public static final class Saved {
    private final Plan plan;
    private final Rows lastRows;
    private final List<Kept> blocks = new ArrayList<>();

    private Saved(Plan plan, Rows lastRows) {
      this.plan = plan;
      this.lastRows = lastRows;
    }
  }

  /** Returns the chosen rows of y_RD as y_SD. */
  public static Forward<Saved> forward(
      Ops ops, Tensor x_RD, List<TransformerBlock.Params> p, Plan plan, Rows rows) {
    Saved saved = new Saved(plan, rows);
    Tensor y_RD = x_RD;
    for (int block = 0; block < p.size(); block++) {
      Rows asked = block == p.size() - 1 ? rows : Rows.ALL;
      if (plan.recompute() == Recompute.BLOCK) {
        saved.blocks.add(new Kept.Input(y_RD));
        y_RD = infer(ops, y_RD, p.get(block), plan, asked, plan.paths(block));
      } else {
        Forward<TransformerBlock.Saved> forward =
            TransformerBlock.forward(
                ops, y_RD, p.get(block), plan.forBackward(), asked, plan.paths(block));
        saved.blocks.add(new Kept.Activations(forward.saved()));
        y_RD = forward.y();
      }
    }
    return new Forward<>(y_RD, saved);
  }

  /** Returns dX_RD and sets {@code grad}; overwrites {@code intoDY_SD}. */
  public static Tensor backward(
      Ops ops,
      Tensor intoDY_SD,
      Saved saved,
      List<TransformerBlock.Params> p,
      List<TransformerBlock.Params> grad) {
    Tensor dX_RD = intoDY_SD;
    for (int block = p.size() - 1; block >= 0; block--) {
      Rows asked = block == p.size() - 1 ? saved.lastRows : Rows.ALL;
      Paths paths = saved.plan.paths(block);
      try (Scope scope = ops.scope()) {
        TransformerBlock.Saved activations =
            activations(ops, saved.blocks.get(block), p.get(block), saved.plan, asked, paths);
        dX_RD =
            scope.keep(
                TransformerBlock.backward(
                    ops, dX_RD, activations, p.get(block), grad.get(block), asked, paths));
      }
    }
    return dX_RD;
  }

  /** Returns the chosen rows of y_RD as y_SD, keeping nothing for a backward. */
  public static Tensor infer(
      Ops ops, Tensor x_RD, List<TransformerBlock.Params> p, Plan plan, Rows rows) {
    Tensor y_RD = x_RD;
    for (int block = 0; block < p.size(); block++) {
      Rows asked = block == p.size() - 1 ? rows : Rows.ALL;
      y_RD = infer(ops, y_RD, p.get(block), plan, asked, plan.paths(block));
    }
    return y_RD;
  }

  private static Tensor infer(
      Ops ops, Tensor x_RD, TransformerBlock.Params p, Plan plan, Rows rows, Paths paths) {
    try (Scope scope = ops.scope()) {
      Attention.Grouping grouping = plan.grouping(Ops.Keep.NOTHING);
      return scope.keep(TransformerBlock.forward(ops, x_RD, p, grouping, rows, paths).y());
    }
  }

  private static TransformerBlock.Saved activations(
      Ops ops, Kept kept, TransformerBlock.Params p, Plan plan, Rows rows, Paths paths) {
    if (kept instanceof Kept.Input input) {
      return TransformerBlock.forward(ops, input.x_RD(), p, plan.forBackward(), rows, paths)
          .saved();
    }
    return ((Kept.Activations) kept).saved();
  }
}
