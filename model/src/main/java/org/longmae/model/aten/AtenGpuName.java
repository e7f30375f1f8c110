package org.longmae.model.aten;

import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.global.cudart;

/** The name that a GPU gives itself. Alone in a class: it needs jars that CPU builds go without. */
final class AtenGpuName {
  private static final int LENGTH = 256;

  private AtenGpuName() {}

  /** Such as {@code NVIDIA A100-SXM4-40GB}; empty if it cannot be asked: only a log misses it. */
  static String of(int index) {
    byte[] name = new byte[LENGTH];
    try {
      cudart.cuInit(0);
      cudart.cuDeviceGetName(name, LENGTH, index);
    } catch (LinkageError e) {
      return "";
    }
    return new String(name, StandardCharsets.US_ASCII).trim();
  }
}
