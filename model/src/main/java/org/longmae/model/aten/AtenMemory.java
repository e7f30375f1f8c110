package org.longmae.model.aten;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Shapes;

/**
 * Native memory by scopes, over a pool of buffers.
 *
 * <p>A buffer that a scope gives back is the next to be used for its type and length: it is likely
 * still in the cache, and its pages are mapped (a fresh large buffer costs more in page faults than
 * the arithmetic on it). So once two steps of a batch size have run, memory stays flat. When a
 * batch of another size begins, {@link #trim} lets the old buffers go.
 */
final class AtenMemory implements AutoCloseable {
  private record Key(ScalarType type, long length) {}

  private final AtenDevice device;
  private final Map<Key, ArrayDeque<AtenBuffer>> pool = new HashMap<>();
  private final Map<ScalarType, TensorOptions> options = new HashMap<>();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Frame roots = new Frame();
  private final List<AtenTensor> slices = new ArrayList<>();
  private long bufferBytes;

  /** Memory on a device. */
  AtenMemory(AtenDevice device) {
    this.device = device;
  }

  AtenDevice device() {
    return device;
  }

  /** What one scope owns. */
  private final class Frame implements Scope {
    private final List<AtenBuffer> buffers = new ArrayList<>();
    private final List<AtenTensor> tensors = new ArrayList<>();

    @Override
    public org.longmae.model.ops.Tensor keep(org.longmae.model.ops.Tensor tensor) {
      AtenTensor kept = AtenTensor.of(tensor);
      Frame enclosing = enclosing();
      if (kept.buffer() != null && buffers.remove(kept.buffer())) {
        enclosing.buffers.add(kept.buffer());
      } else if (tensors.remove(kept)) {
        enclosing.tensors.add(kept);
      }
      return tensor;
    }

    private Frame enclosing() {
      Frame enclosing = roots;
      for (Frame frame : (Iterable<Frame>) frames::descendingIterator) {
        if (frame == this) {
          return enclosing;
        }
        enclosing = frame;
      }
      throw new IllegalStateException("scope is closed");
    }

    @Override
    public void close() {
      if (frames.peek() != this) {
        throw new IllegalStateException("only the innermost scope may be closed");
      }
      frames.pop();
      release();
    }

    private void release() {
      tensors.forEach(AtenTensor::close);
      tensors.clear();
      // In reverse: the first to be asked for again is the one that was asked for first.
      for (int i = buffers.size() - 1; i >= 0; i--) {
        giveBack(buffers.get(i));
      }
      buffers.clear();
    }
  }

  Scope scope() {
    Frame frame = new Frame();
    frames.push(frame);
    return frame;
  }

  /** Uninitialised memory that belongs to the innermost scope. */
  AtenTensor take(ScalarType type, long... shape) {
    AtenTensor tensor = borrow(type, shape);
    innermost().buffers.add(tensor.buffer());
    return tensor;
  }

  /** Uninitialised memory that the caller must {@linkplain #giveBack give back}. */
  AtenTensor borrow(ScalarType type, long... shape) {
    long length = Shapes.length(shape);
    ArrayDeque<AtenBuffer> free = pool.get(new Key(type, length));
    AtenBuffer buffer = free == null ? null : free.poll();
    if (buffer == null) {
      Tensor flat = torch.empty(new long[] {length}, options(type), null);
      buffer = new AtenBuffer(flat, type, length);
      bufferBytes += flat.nbytes();
    }
    return buffer.as(shape);
  }

  void giveBack(AtenTensor borrowed) {
    giveBack(borrowed.buffer());
  }

  private void giveBack(AtenBuffer buffer) {
    pool.computeIfAbsent(new Key(buffer.type(), buffer.length()), key -> new ArrayDeque<>())
        .push(buffer);
  }

  /** Makes a tensor that an operator returned belong to the innermost scope. */
  AtenTensor own(Tensor result, long... shape) {
    AtenTensor tensor = new AtenTensor(result, null, shape);
    innermost().tensors.add(tensor);
    return tensor;
  }

  /** Makes a part of a tensor live until the end. */
  AtenTensor slice(Tensor part, long... shape) {
    AtenTensor tensor = new AtenTensor(part, null, shape);
    slices.add(tensor);
    return tensor;
  }

  /** Frees the buffers that no scope owns. */
  void trim() {
    for (ArrayDeque<AtenBuffer> free : pool.values()) {
      free.forEach(buffer -> bufferBytes -= buffer.bytes());
      free.forEach(AtenBuffer::close);
    }
    pool.clear();
  }

  /** Bytes of all buffers, of scopes and in the pool. */
  long bufferBytes() {
    return bufferBytes;
  }

  private Frame innermost() {
    return frames.isEmpty() ? roots : frames.peek();
  }

  private TensorOptions options(ScalarType type) {
    return options.computeIfAbsent(type, device::options);
  }

  @Override
  public void close() {
    while (!frames.isEmpty()) {
      frames.peek().close();
    }
    slices.forEach(AtenTensor::close);
    slices.clear();
    roots.release();
    trim();
    options.values().forEach(TensorOptions::close);
    options.clear();
  }
}
