package org.longmae.model;

/**
 * The buffers around the decoder's blocks where its grid is coarser, in the order of {@link
 * CoarseDecoder}.
 *
 * @param images B
 */
record CoarseBuffers(OpBuffers ops, MaeSpec spec, long images) {

  /** [class, patches] → [class, cells]. */
  void shrink() {
    ops.gather(patches(), width());
    ops.take(weight(spec.decoderDownsampling()));
    ops.take(cells() * width());
    ops.gatherOr(cells(), cells() + images, width());
    ops.gatherOr(patches() + images, cells() + images, width());
  }

  void shrinkBackward() {
    ops.gather(cells(), width());
    ops.take(weight(spec.decoderDownsampling())); // gradient
    ops.take(patches() * width());
    ops.take(weight(spec.decoderDownsampling())); // gradient in the parameters' order
    ops.gatherOr(patches(), patches() + images, width());
    ops.gatherOr(cells() + images, patches() + images, width());
  }

  /** Cells → patches that are scored. */
  void grow() {
    if (growth() > 1) {
      ops.take(weight(growth()));
      ops.gather(growth() * growth(), width()); // bias
      ops.take(grown() * width());
      ops.gather(scored(), width());
    }
  }

  void growBackward() {
    if (growth() > 1) {
      if (scored() == grown()) {
        ops.gather(grown(), width());
      } else {
        ops.gatherOr(scored(), grown(), width());
      }
      ops.take(weight(growth())); // gradient
      ops.take(growth() * growth() * width());
      ops.take(cells() * width());
      ops.take(weight(growth())); // gradient in the parameters' order
      ops.sumRows(growth() * growth(), width());
    }
  }

  private long width() {
    return spec.decoder().width();
  }

  private long growth() {
    return spec.decoderDownsampling() / spec.predictionDownsampling();
  }

  private long weight(long side) {
    return width() * width() * side * side;
  }

  private long patches() {
    return images * spec.patches();
  }

  private long cells() {
    return images * spec.decoderGrid().patches();
  }

  private long grown() {
    return images * spec.predictionGrid().patches();
  }

  private long scored() {
    return images * spec.scoredPatches();
  }
}
