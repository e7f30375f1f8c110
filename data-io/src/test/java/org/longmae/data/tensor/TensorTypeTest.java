package org.longmae.data.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTypeTest {
  /** All that sixteen bits can be, there and back; NaN stays one. */
  @Test
  void everyHalfIsItselfAgain() {
    for (TensorType type : new TensorType[] {TensorType.F16, TensorType.BF16}) {
      for (int bits = 0; bits < 1 << 16; bits++) {
        ByteBuffer buffer = ByteBuffer.allocate(2).putShort(0, (short) bits);
        float value = type.decode(buffer);
        type.encode(value, buffer.clear());
        if (Float.isNaN(value)) {
          assertThat(type.decode(buffer.clear())).isNaN();
        } else {
          assertThat(buffer.getShort(0)).as("%s %04x", type, bits).isEqualTo((short) bits);
        }
      }
    }
  }

  /** Values between two halves, as NumPy and PyTorch round them: to nearest, ties to even. */
  @ParameterizedTest
  @CsvSource({
    "F16, 1.00048828125, 0x3c00",
    "F16, 1.0004884, 0x3c01",
    "F16, 1.00146484375, 0x3c02",
    "F16, 65519.996, 0x7bff",
    "F16, 65520, 0x7c00",
    "F16, 2.9802322e-8, 0x0000",
    "F16, 2.9802326e-8, 0x0001",
    "F16, 6.1005354e-5, 0x0400",
    "BF16, 1.00390625, 0x3f80",
    "BF16, 1.01171875, 0x3f82",
    "BF16, 3.4e38, 0x7f80",
    "BF16, -1.0039064, 0xbf81"
  })
  void roundsToNearestEven(TensorType type, float value, String bits) {
    ByteBuffer buffer = ByteBuffer.allocate(2);
    type.encode(value, buffer);
    assertThat(buffer.getShort(0)).isEqualTo((short) (int) Integer.decode(bits));
  }
}
