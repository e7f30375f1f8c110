package org.longmae.model.aten;

import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/**
 * Opens ATen where tensors are not in the host's memory: on a GPU if there is one, otherwise on a
 * processor that is reached as a GPU is, through staging and with fused attention.
 */
public final class AtenApart {
  private AtenApart() {}

  public static Ops open(Precision precision, int threads) {
    AtenDevice device = AtenLibrary.cudaDevices() > 0 ? AtenDevice.cuda(0) : AtenDevice.cpuApart();
    return new AtenOps(device, precision, threads);
  }
}
