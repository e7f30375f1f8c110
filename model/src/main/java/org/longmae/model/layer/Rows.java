package org.longmae.model.layer;

import java.util.Arrays;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * Where the rows of a result come from, and so where the gradient goes back to. No source row is
 * taken twice, so the way back is a move of rows as well, never a sum.
 *
 * <pre>
 *   forward    y[s] = x[from[s]], or the token where from[s] = −1
 *   backward   dx[r] = dy[to[r]], or 0 where to[r] = −1     dToken = Σ dy[s] over from[s] = −1
 * </pre>
 *
 * <p>Derivation: docs/math.md, "Tokens: gather and scatter".
 *
 * @param from the source row of each result row; −1 for the token
 * @param to the result row of each source row; −1 if it is not taken
 * @param token the result rows that hold the token
 */
public record Rows(int[] from, int[] to, int[] token) {
  /** Every row where it is, however many there are: nothing is moved or copied. */
  public static final Rows ALL = new Rows(new int[0], new int[0], new int[0]);

  /**
   * Completes {@code from}.
   *
   * @param sources number of source rows
   */
  public static Rows of(int[] from, int sources) {
    int[] to = new int[sources];
    Arrays.fill(to, -1);
    int tokens = 0;
    for (int row = 0; row < from.length; row++) {
      if (from[row] < 0) {
        tokens++;
      } else if (to[from[row]] >= 0) {
        throw new IllegalArgumentException("row " + from[row] + " is taken twice");
      } else {
        to[from[row]] = row;
      }
    }
    int[] token = new int[tokens];
    for (int row = 0, next = 0; row < from.length; row++) {
      if (from[row] < 0) {
        token[next++] = row;
      }
    }
    return new Rows(from, to, token);
  }

  /** Returns y_SD. */
  public Tensor forward(Ops ops, Tensor x_RD, Tensor token_D) {
    return ops.gatherRows(x_RD, from, token_D);
  }

  /** Returns dX_RD and sets {@code dToken_D}. */
  public Tensor backward(Ops ops, Tensor dY_SD, Tensor dToken_D) {
    ops.sumRows(dY_SD, token, dToken_D);
    return backward(ops, dY_SD);
  }

  /** Returns y_SD, for rows without a token; x_RD itself for {@link #ALL}. */
  public Tensor forward(Ops ops, Tensor x_RD) {
    return this == ALL ? x_RD : ops.gatherRows(x_RD, from);
  }

  /** Returns dX_RD, for rows without a token; dY_SD itself for {@link #ALL}. */
  public Tensor backward(Ops ops, Tensor dY_SD) {
    return this == ALL ? dY_SD : ops.gatherRows(dY_SD, to);
  }
}
