package org.longmae.model;

import org.longmae.model.layer.Rows;

/**
 * Where tokens go on their way through the decoder's coarser grid, worked out once a step. With d
 * the side of a cell in patches, L' = L/d² cells:
 *
 * <pre>
 *   decoder tokens   [class, all patches in the grid's order]      B·(L + 1) rows
 *   coarse tokens    [class, all cells in the grid's order]        B·(L' + 1) rows
 * </pre>
 *
 * @param patchesByCell the patches' decoder tokens, cell by cell, B·L rows
 * @param cellTokens coarse tokens from cells, zero for the class tokens
 * @param classTokens coarse tokens from decoder tokens, zero but for the class tokens
 * @param cells the coarse tokens of cells, B·L' rows
 */
record CellOrder(Rows patchesByCell, Rows cellTokens, Rows classTokens, Rows cells) {

  static CellOrder of(Grid grid, int side, int images) {
    int patches = grid.patches();
    int cells = grid.shrunk(side).patches();
    int[] bySquare = grid.bySquare(side);
    int[] patchesByCell = new int[images * patches];
    int[] cellTokens = new int[images * (cells + 1)];
    int[] classTokens = new int[images * (cells + 1)];
    int[] cellsOnly = new int[images * cells];
    for (int image = 0; image < images; image++) {
      int start = image * (patches + 1);
      int coarseStart = image * (cells + 1);
      for (int place = 0; place < patches; place++) {
        patchesByCell[image * patches + place] = start + 1 + bySquare[place];
      }
      cellTokens[coarseStart] = -1;
      classTokens[coarseStart] = start;
      for (int cell = 0; cell < cells; cell++) {
        cellTokens[coarseStart + 1 + cell] = image * cells + cell;
        classTokens[coarseStart + 1 + cell] = -1;
        cellsOnly[image * cells + cell] = coarseStart + 1 + cell;
      }
    }
    return new CellOrder(
        Rows.of(patchesByCell, images * (patches + 1)),
        Rows.of(cellTokens, images * cells),
        Rows.of(classTokens, images * (patches + 1)),
        Rows.of(cellsOnly, images * (cells + 1)));
  }

  /**
   * Patches of a grid out of its patches cell by cell.
   *
   * @param side of a cell
   * @param chosen equally many patches of each image, image by image
   */
  static Rows outOfCells(Grid grid, int side, int images, int[] chosen) {
    int[] place = Masking.restore(grid.bySquare(side));
    int[] from = new int[chosen.length];
    int ofAnImage = chosen.length / images;
    for (int row = 0; row < chosen.length; row++) {
      from[row] = row / ofAnImage * grid.patches() + place[chosen[row]];
    }
    return Rows.of(from, images * grid.patches());
  }
}
