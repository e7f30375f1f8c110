package org.longmae.model.aten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.longmae.model.ops.Ops;
import org.longmae.model.ops.Precision;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;

@SuppressWarnings("try") // A scope acts by closing.
class AtenDeviceTest {
  @Test
  void aGpuThatIsNotThereIsRefusedWithWhatIsMissing() {
    assertThatThrownBy(() -> AtenDevice.requirePresent(0, false, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Paten-cuda");
    assertThatThrownBy(() -> AtenDevice.requirePresent(0, true, 0))
        .hasMessageContaining("driver")
        .hasMessageContaining("CUDA_VISIBLE_DEVICES");
    assertThatThrownBy(() -> AtenDevice.requirePresent(2, true, 2))
        .hasMessage("CUDA device must be in [0, 2) but was 2");
    assertThatCode(() -> AtenDevice.requirePresent(1, true, 2)).doesNotThrowAnyException();
  }

  @Test
  void theProcessorIsNotApart() {
    assertThat(AtenDevice.cpu().apart()).isFalse();
    assertThat(AtenDevice.cpuApart().apart()).isTrue();
  }

  // A part of a vector is where an offset can be lost on the way through staging memory.
  @Test
  void partsGoThroughStagingToWhereTheyBelong() {
    for (Precision precision : Precision.values()) {
      try (Ops ops = AtenApart.open(precision, 1);
          Scope session = ops.session()) {
        Tensor flat = ops.stateZeros(7);
        ops.write(flat, 2, new float[] {1, 2, 3});
        float[] part = new float[4];
        ops.read(flat, 1, part);
        assertThat(part).containsExactly(0, 1, 2, 3);
        assertThat(ops.downloadDoubles(flat)).containsExactly(0, 0, 1, 2, 3, 0, 0);
        Tensor uploaded = ops.upload(new float[] {0.5f, -3, 4, 8, 0.25f, 1}, 2, 3);
        assertThat(ops.download(uploaded)).containsExactly(0.5f, -3, 4, 8, 0.25f, 1);
        assertThat(ops.download(ops.gatherRows(uploaded, new int[] {1, -1})))
            .containsExactly(8, 0.25f, 1, 0, 0, 0);
      }
    }
  }

  // What was written must not follow a change of the array afterwards: a GPU copies later.
  @Test
  void anArrayMayBeChangedAfterItWasUploaded() {
    try (Ops ops = AtenApart.open(Precision.FP32, 1);
        Scope session = ops.session()) {
      float[] values = {1, 2};
      Tensor uploaded = ops.upload(values, 2);
      values[0] = 9;
      assertThat(ops.download(uploaded)).containsExactly(1, 2);
    }
  }
}
