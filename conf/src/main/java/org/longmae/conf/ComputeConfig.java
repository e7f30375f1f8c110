package org.longmae.conf;

import static org.longmae.conf.Checks.require;

import java.io.Serializable;

/**
 * Where the arithmetic runs.
 *
 * @param backend library behind the model's operations; {@code auto} takes ATen where it loads
 * @param device {@code auto} takes a GPU where the backend finds one; {@code cuda} is an error
 *     where it finds none
 * @param precision type of the matrix products' operands; {@code auto} takes bf16 where the device
 *     multiplies it in hardware
 * @param threads threads of one worker's arithmetic; 0 takes all cores of the executor
 */
public record ComputeConfig(Backend backend, Device device, Precision precision, int threads)
    implements Serializable {
  /** The libraries that {@code model} is written over. */
  public enum Backend {
    AUTO,
    ND4J,
    ATEN
  }

  /** The kinds of device. */
  public enum Device {
    AUTO,
    CPU,
    CUDA
  }

  /** Element types of matrix products; accumulation, softmax and the loss stay in fp32. */
  public enum Precision {
    AUTO,
    FP32,
    BF16
  }

  public ComputeConfig {
    require(threads >= 0, "compute.threads", "must be at least 0 but was %s", threads);
  }
}
