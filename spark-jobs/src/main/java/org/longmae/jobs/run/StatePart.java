package org.longmae.jobs.run;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.longmae.model.StateVector;

/**
 * A part of a state vector, small enough to be moved as one: 16 MiB, or what is left at a vector's
 * end. Workers send parts, a reducer owns one at a time, files hold one each.
 *
 * @param index among the parts of a state
 * @param vector that it is a part of
 * @param offset of its first float
 * @param floats how many
 */
public record StatePart(int index, StateVector vector, long offset, int floats)
    implements Serializable {
  private static final int MOST_FLOATS = 4 << 20;

  /** Bytes of all parts but a vector's last. */
  public static final long MOST_BYTES = (long) MOST_FLOATS * Float.BYTES;

  /** All parts of some vectors of a length, in order. */
  public static List<StatePart> of(List<StateVector> vectors, long length) {
    List<StatePart> parts = new ArrayList<>();
    for (StateVector vector : vectors) {
      for (long offset = 0; offset < length; offset += MOST_FLOATS) {
        int floats = (int) Math.min(MOST_FLOATS, length - offset);
        parts.add(new StatePart(parts.size(), vector, offset, floats));
      }
    }
    return parts;
  }
}
