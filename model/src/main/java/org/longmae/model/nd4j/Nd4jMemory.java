package org.longmae.model.nd4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.longmae.model.ops.Scope;
import org.longmae.model.ops.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Frees arrays by scopes: ND4J's own way is to wait for the garbage collector. */
final class Nd4jMemory implements AutoCloseable {
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Frame roots = new Frame();

  /** What one scope owns. */
  private final class Frame implements Scope {
    private final List<INDArray> arrays = new ArrayList<>();

    @Override
    public Tensor keep(Tensor tensor) {
      INDArray kept = Nd4jTensor.array(tensor);
      if (arrays.removeIf(array -> array == kept)) {
        enclosing().arrays.add(kept);
      }
      return tensor;
    }

    private Frame enclosing() {
      Frame enclosing = roots;
      for (Frame frame : (Iterable<Frame>) frames::descendingIterator) {
        if (frame == this) {
          break;
        }
        enclosing = frame;
      }
      return enclosing;
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
      for (INDArray array : arrays) {
        if (array.closeable()) {
          array.close();
        }
      }
      arrays.clear();
    }
  }

  Scope scope() {
    Frame frame = new Frame();
    frames.push(frame);
    return frame;
  }

  /** An uninitialised array that belongs to the innermost scope. */
  INDArray take(DataType type, long... shape) {
    return own(Nd4j.createUninitialized(type, shape, 'c'));
  }

  /** Makes a new array belong to the innermost scope. */
  INDArray own(INDArray array) {
    Frame frame = frames.isEmpty() ? roots : frames.peek();
    frame.arrays.add(array);
    return array;
  }

  @Override
  public void close() {
    while (!frames.isEmpty()) {
      frames.peek().close();
    }
    roots.release();
  }
}
