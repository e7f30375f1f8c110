package org.longmae.model;

import java.util.Optional;
import org.longmae.conf.TrainConfig.Recompute;
import org.longmae.model.layer.Downsample;
import org.longmae.model.layer.Forward;
import org.longmae.model.layer.Rows;
import org.longmae.model.layer.TransformerStack;
import org.longmae.model.layer.Upsample;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Tensor;

/**
 * The decoder's blocks on a grid that is d times coarser, for long sequences: the grid of
 * predictions is s times coarser than that of patches.
 *
 * <pre>
 *   [class, patches] → shrink the patches d times → + positions → blocks → drop the class token
 *                    → grow d/s times, if that is more than one → patches that are scored
 * </pre>
 *
 * <p>The kernel that grows the grid has side d/s: with d, as in the paper's code, it fits s = 1
 * only. Where s is 1, only hidden patches go on behind it; otherwise all large patches do, as most
 * have some hidden part.
 *
 * @see <a href="https://arxiv.org/abs/2210.07224">Hu et al.: Exploring Long-Sequence Masked
 *     Autoencoders (2022)</a>
 */
final class CoarseDecoder implements DecoderBlocks {
  private final Ops ops;
  private final MaeSpec spec;
  private final Recompute recompute;
  private final Tensor positions_TE;

  CoarseDecoder(Ops ops, MaeSpec spec, Recompute recompute) {
    this.ops = ops;
    this.spec = spec;
    this.recompute = recompute;
    Grid grid = spec.decoderGrid();
    int width = spec.decoder().width();
    positions_TE = ops.upload(PositionTable.of(grid, width), grid.patches() + 1, width);
  }

  private record Steps(
      CellOrder cells,
      Downsample.Saved shrink,
      TransformerStack.Saved blocks,
      Optional<Growth> grow)
      implements Saved {}

  private record Growth(Upsample.Saved upsample, Rows rows) {}

  @Override
  public Forward<Saved> forward(Tensor intoTokens_RE, TokenOrder order, MaeParameters p) {
    CellOrder cells = cells(order);
    Forward<Downsample.Saved> shrunk = shrink(intoTokens_RE, cells, p);
    Tensor coarse_RE = coarseTokens(shrunk.y(), intoTokens_RE, cells);
    Forward<TransformerStack.Saved> decoded =
        TransformerStack.forward(ops, coarse_RE, p.decoder(), plan(order), cells.cells());
    if (p.upsample().isEmpty()) {
      Steps steps = new Steps(cells, shrunk.saved(), decoded.saved(), Optional.empty());
      return new Forward<>(decoded.y(), steps);
    }
    Forward<Upsample.Saved> grown = Upsample.forward(ops, decoded.y(), p.upsample().get());
    Growth growth = new Growth(grown.saved(), scored(order));
    return new Forward<>(
        growth.rows().forward(ops, grown.y()),
        new Steps(cells, shrunk.saved(), decoded.saved(), Optional.of(growth)));
  }

  @Override
  public Tensor backward(
      Tensor intoDFeatures_SE, Saved saved, MaeParameters p, MaeParameters grad) {
    Steps steps = (Steps) saved;
    CellOrder cells = steps.cells();
    Tensor dDecoded_SE =
        steps.grow().isPresent()
            ? growBackward(intoDFeatures_SE, steps.grow().get(), p, grad)
            : intoDFeatures_SE;
    Tensor dCoarse_RE =
        TransformerStack.backward(ops, dDecoded_SE, steps.blocks(), p.decoder(), grad.decoder());
    Tensor dPatches_RE =
        Downsample.backward(
            ops,
            cells.cellTokens().backward(ops, dCoarse_RE),
            steps.shrink(),
            p.downsample().orElseThrow(),
            grad.downsample().orElseThrow());
    Tensor dTokens_RE = cells.patchesByCell().backward(ops, dPatches_RE);
    ops.add(dTokens_RE, cells.classTokens().backward(ops, dCoarse_RE));
    return dTokens_RE;
  }

  private Tensor growBackward(
      Tensor dFeatures_SE, Growth growth, MaeParameters p, MaeParameters grad) {
    Tensor dGrown_RE = growth.rows().backward(ops, dFeatures_SE);
    return Upsample.backward(
        ops,
        dGrown_RE,
        growth.upsample(),
        p.upsample().orElseThrow(),
        grad.upsample().orElseThrow());
  }

  @Override
  public Tensor infer(Tensor intoTokens_RE, TokenOrder order, MaeParameters p, boolean all) {
    CellOrder cells = cells(order);
    Tensor shrunk_RE = shrink(intoTokens_RE, cells, p).y();
    Tensor coarse_RE = coarseTokens(shrunk_RE, intoTokens_RE, cells);
    Tensor decoded_RE =
        TransformerStack.infer(ops, coarse_RE, p.decoder(), plan(order), cells.cells());
    if (p.upsample().isEmpty()) {
      return decoded_RE;
    }
    Tensor grown_RE = Upsample.forward(ops, decoded_RE, p.upsample().get()).y();
    return (all ? everyPatch(order) : scored(order)).forward(ops, grown_RE);
  }

  private Forward<Downsample.Saved> shrink(Tensor tokens_RE, CellOrder cells, MaeParameters p) {
    Tensor patches_RE = cells.patchesByCell().forward(ops, tokens_RE);
    return Downsample.forward(ops, patches_RE, p.downsample().orElseThrow());
  }

  /** The class token passes beside the convolution; then positions are added. */
  private Tensor coarseTokens(Tensor cells_RE, Tensor tokens_RE, CellOrder cells) {
    Tensor coarse_RE = cells.cellTokens().forward(ops, cells_RE);
    ops.add(coarse_RE, cells.classTokens().forward(ops, tokens_RE));
    ops.addTable(coarse_RE, positions_TE);
    return coarse_RE;
  }

  private Rows scored(TokenOrder order) {
    return spec.predictionDownsampling() == 1
        ? outOfCells(order, order.masked())
        : everyPatch(order);
  }

  private Rows everyPatch(TokenOrder order) {
    return outOfCells(order, spec.predictionGrid().ofImages(order.images()));
  }

  private Rows outOfCells(TokenOrder order, int[] chosen) {
    int growth = spec.decoderDownsampling() / spec.predictionDownsampling();
    return CellOrder.outOfCells(spec.predictionGrid(), growth, order.images(), chosen);
  }

  private CellOrder cells(TokenOrder order) {
    return CellOrder.of(spec.grid(), spec.decoderDownsampling(), order.images());
  }

  private TransformerStack.Plan plan(TokenOrder order) {
    return new TransformerStack.Plan(order.images(), spec.decoder().heads(), recompute);
  }
}
