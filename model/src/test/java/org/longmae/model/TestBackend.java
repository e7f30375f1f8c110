package org.longmae.model;

import org.longmae.model.aten.AtenOps;
import org.longmae.model.nd4j.Nd4jOps;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;

/** A backend and a precision to test, and how close to an oracle in double its results must be. */
public enum TestBackend {
  ATEN_DOUBLE(1e-10),
  ND4J_DOUBLE(1e-10),
  ATEN_FP32(1e-5),
  ND4J_FP32(1e-5),
  /** bf16 keeps 8 bits: 0.4 % at most a rounding, 0.2 % on average, a few of them in a row. */
  ATEN_BF16(1e-2);

  private final double tolerance;

  TestBackend(double tolerance) {
    this.tolerance = tolerance;
  }

  /** The largest {@link RelativeError} allowed. */
  public double tolerance() {
    return tolerance;
  }

  /** Opens the backend: on two threads where there is something to share among them. */
  public Ops open() {
    return switch (this) {
      case ATEN_DOUBLE -> new AtenOps(Precision.DOUBLE, 1);
      case ND4J_DOUBLE -> new Nd4jOps(Precision.DOUBLE, 1);
      case ATEN_FP32 -> new AtenOps(Precision.FP32, 2);
      case ND4J_FP32 -> new Nd4jOps(Precision.FP32, 2);
      case ATEN_BF16 -> new AtenOps(Precision.BF16, 2);
    };
  }
}
