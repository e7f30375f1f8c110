package org.longmae.model.aten;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/** Opens ATen on a processor that is reached as a GPU is: through staging, with fused attention. */
public final class AtenApart {
  private AtenApart() {}

  public static Ops open(Precision precision, int threads) {
    return new AtenOps(AtenDevice.cpuApart(), precision, threads);
  }
}
