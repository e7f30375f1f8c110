package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.longmae.model.layer.Downsample;
import org.longmae.model.layer.Upsample;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

/**
 * The rows that reach the two layers, and the layers, against convolutions by their formulas: a
 * kernel turned the wrong way, or cells in another order than their tokens, still learns.
 */
@SuppressWarnings("try") // A scope acts by closing.
class DecoderConvolutionTest {
  private static final int IMAGES = 2;
  private static final int WIDTH = 3;
  private static final int SIDE = 2;
  private static final Grid FINE = new Grid(4, 6);
  private static final Grid COARSE = new Grid(2, 3);

  private final SplittableRandom random = new SplittableRandom(1);

  private double[] values(int length) {
    return random.doubles(length, -1, 1).toArray();
  }

  private static Tensor tensor(Ops ops, double[] values, long... shape) {
    Tensor tensor = ops.computeZeros(shape);
    ops.set(tensor, values);
    return tensor;
  }

  /** Rows of [B · (1 + L), width] from [B, width, L]; class tokens are 100. */
  private static double[] tokens(double[] x, int patches) {
    double[] rows = new double[IMAGES * (patches + 1) * WIDTH];
    for (int b = 0; b < IMAGES; b++) {
      for (int token = 0; token <= patches; token++) {
        for (int i = 0; i < WIDTH; i++) {
          rows[(b * (patches + 1) + token) * WIDTH + i] =
              token == 0 ? 100 : x[(b * WIDTH + i) * patches + token - 1];
        }
      }
    }
    return rows;
  }

  /** Rows of [B · L, width] from [B, width, L]. */
  private static double[] rows(double[] x, int patches) {
    double[] rows = new double[x.length];
    for (int b = 0; b < IMAGES; b++) {
      for (int patch = 0; patch < patches; patch++) {
        for (int i = 0; i < WIDTH; i++) {
          rows[(b * patches + patch) * WIDTH + i] = x[(b * WIDTH + i) * patches + patch];
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten double", "nd4j double"})
  void shrinkingIsAConvolutionOfThePatchesBesideTheClassToken(String backend) {
    double[] x = values(IMAGES * WIDTH * FINE.patches());
    double[] weight = values(WIDTH * WIDTH * SIDE * SIDE);
    double[] bias = values(WIDTH);
    double[] expected = NaiveConvolution.shrink(x, IMAGES, WIDTH, FINE, weight, bias, SIDE);
    CellOrder cells = CellOrder.of(FINE, SIDE, IMAGES);
    try (Ops ops = MaeEngineTest.backend(backend);
        Scope session = ops.session()) {
      Tensor tokens_RE =
          tensor(ops, tokens(x, FINE.patches()), IMAGES * (FINE.patches() + 1), WIDTH);
      Downsample.Params p =
          new Downsample.Params(
              tensor(ops, weight, WIDTH, WIDTH, SIDE * SIDE), tensor(ops, bias, WIDTH));
      Tensor shrunk_RE =
          Downsample.forward(ops, cells.patchesByCell().forward(ops, tokens_RE), p).y();
      Tensor coarse_RE = cells.cellTokens().forward(ops, shrunk_RE);
      ops.add(coarse_RE, cells.classTokens().forward(ops, tokens_RE));
      assertThat(ops.downloadDoubles(coarse_RE))
          .containsExactly(tokens(expected, COARSE.patches()), within(1e-12));
      assertThat(ops.downloadDoubles(cells.cells().forward(ops, coarse_RE)))
          .containsExactly(rows(expected, COARSE.patches()), within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aten double", "nd4j double"})
  void growingIsATransposedConvolution(String backend) {
    double[] x = values(IMAGES * WIDTH * COARSE.patches());
    double[] weight = values(WIDTH * WIDTH * SIDE * SIDE);
    double[] bias = values(WIDTH);
    double[] expected = NaiveConvolution.grow(x, IMAGES, WIDTH, COARSE, weight, bias, SIDE);
    int[] all = new int[IMAGES * FINE.patches()];
    for (int row = 0; row < all.length; row++) {
      all[row] = row % FINE.patches();
    }
    try (Ops ops = MaeEngineTest.backend(backend);
        Scope session = ops.session()) {
      Tensor x_RE = tensor(ops, rows(x, COARSE.patches()), IMAGES * COARSE.patches(), WIDTH);
      Upsample.Params p =
          new Upsample.Params(
              tensor(ops, weight, WIDTH, WIDTH, SIDE * SIDE), tensor(ops, bias, WIDTH));
      Tensor grown_RE = Upsample.forward(ops, x_RE, p).y();
      Tensor fine_RE = CellOrder.outOfCells(FINE, SIDE, IMAGES, all).forward(ops, grown_RE);
      assertThat(ops.downloadDoubles(fine_RE))
          .containsExactly(rows(expected, FINE.patches()), within(1e-12));
    }
  }

  @Test
  void squaresAreNumberedRowByRowAndSoAreTheirPatches() {
    assertThat(new Grid(4, 4).bySquare(2))
        .containsExactly(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15);
    assertThatThrownBy(() -> new Grid(4, 6).shrunk(4))
        .hasMessage("down-sampling must divide the grid (4 x 6 patches) but was 4");
  }
}
