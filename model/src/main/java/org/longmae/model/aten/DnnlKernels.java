package org.longmae.model.aten;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The operations that oneDNN is called for directly, over one engine. */
record DnnlKernels(Dnnl engine, DnnlLinear linear, DnnlLayerNorm norm, DnnlAttention attention)
    implements AutoCloseable {
  static DnnlKernels open(AtenMemory memory, ScalarType type, AttentionLimits limits) {
    Dnnl engine = new Dnnl();
    return new DnnlKernels(
        engine,
        new DnnlLinear(engine, type),
        new DnnlLayerNorm(engine, memory, type),
        new DnnlAttention(engine, memory, type, limits));
  }

  /** Lets go of what is kept for reuse. */
  void trim() {
    engine.trim();
  }

  @Override
  public void close() {
    engine.close();
  }
}
