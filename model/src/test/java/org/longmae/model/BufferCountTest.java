package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.longmae.model.BufferCount.Buffer;
import org.longmae.model.BufferCount.Type;
import org.longmae.model.BufferCount.Use;

class BufferCountTest {
  private final BufferCount buffers = new BufferCount();

  @BeforeEach
  void openAScope() {
    buffers.open();
    buffers.use(Use.ENCODER);
  }

  @Test
  void aBufferGivenBackIsUsedForItsTypeAndLengthOnly() {
    buffers.giveBack(buffers.borrow(Type.FP32, 10));
    buffers.take(Type.FP32, 10);
    assertThat(buffers.bytes()).isEqualTo(40);
    buffers.giveBack(buffers.borrow(Type.FP32, 11));
    buffers.take(Type.INT32, 11);
    buffers.take(Type.BF16, 10);
    assertThat(buffers.bytes()).isEqualTo(40 + 44 + 44 + 20);
  }

  @Test
  void whatAScopeTookIsFreeBehindItButForWhatIsKept() {
    buffers.open();
    buffers.take(Type.FP32, 10);
    Buffer kept = buffers.take(Type.FP32, 10);
    buffers.closeKeeping(kept);
    buffers.take(Type.FP32, 10);
    assertThat(buffers.bytes()).isEqualTo(80);
    buffers.take(Type.FP32, 10);
    assertThat(buffers.bytes()).isEqualTo(120);
  }

  // A gradient passes through the blocks in the enclosing scope's buffer.
  @Test
  void keepingWhatAnEnclosingScopeHasChangesNothing() {
    Buffer outer = buffers.take(Type.FP32, 10);
    for (int block = 0; block < 3; block++) {
      buffers.open();
      buffers.take(Type.FP32, 10);
      buffers.closeKeeping(outer);
    }
    assertThat(buffers.bytes()).isEqualTo(80);
  }

  // Scratch that is later kept would make what is kept look smaller.
  @Test
  void aBufferCountsForItsFirstUseInOrderNotInTime() {
    buffers.use(Use.MLP);
    buffers.giveBack(buffers.borrow(Type.FP32, 10));
    buffers.use(Use.ENCODER);
    buffers.take(Type.FP32, 10);
    buffers.use(Use.MLP);
    buffers.giveBack(buffers.borrow(Type.FP32, 10));
    assertThat(buffers.bytes(Use.ENCODER)).isEqualTo(40);
    assertThat(buffers.bytes(Use.MLP)).isEqualTo(40);
    assertThat(buffers.bytes()).isEqualTo(80);
  }
}
