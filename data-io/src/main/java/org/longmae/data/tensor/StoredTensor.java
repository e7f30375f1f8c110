package org.longmae.data.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where a tensor lies in a file.
 *
 * @param position of the first element's first byte
 * @param stride elements from one index of an axis to the next, an axis each
 */
record StoredTensor(TensorInfo info, long position, List<Long> stride) {
  /** One whose elements follow each other, the last axis fastest. */
  static StoredTensor rowMajor(TensorInfo info, long position) {
    return new StoredTensor(info, position, steps(info.shape()));
  }

  /** One whose elements follow each other, the first axis fastest, as Fortran has them. */
  static StoredTensor columnMajor(TensorInfo info, long position) {
    long[] shape = info.shape();
    long[] reversed = new long[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      reversed[axis] = shape[shape.length - 1 - axis];
    }
    List<Long> stride = new ArrayList<>(steps(reversed));
    Collections.reverse(stride);
    return new StoredTensor(info, position, stride);
  }

  private static List<Long> steps(long[] shape) {
    Long[] steps = new Long[shape.length];
    long step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= Math.max(1, shape[axis]);
    }
    return List.of(steps);
  }

  /** Whether its elements follow each other in the order of their indices. */
  boolean isRowMajor() {
    long[] shape = info.shape();
    List<Long> steps = steps(shape);
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] > 1 && !stride.get(axis).equals(steps.get(axis))) {
        return false;
      }
    }
    return true;
  }

  /** Elements from the first to the last that it has; 0 if it has none. */
  long span() {
    long last = 0;
    long[] shape = info.shape();
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 0) {
        return 0;
      }
      last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, stride.get(axis)));
    }
    return Math.addExact(last, 1);
  }

  /** Where an element lies, in elements after the first. */
  long placeOf(long element) {
    long[] shape = info.shape();
    long rest = element;
    long place = 0;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      place += rest % shape[axis] * stride.get(axis);
      rest /= shape[axis];
    }
    return place;
  }
}
