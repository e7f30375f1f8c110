package org.longmae.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Counts the bytes of buffers as the ATen backend hands them out, without taking any.
 *
 * <p>A buffer that a scope gives back is used again for its type and length only, and never freed:
 * so of each length there will be as many as are in use at one time, whenever that time is.
 */
final class BufferCount {
  /** What a buffer is for; one that is used for several things counts for the first of these. */
  enum Use {
    ENCODER,
    DECODER,
    LOSS,
    ATTENTION,
    MLP,
    OPTIMIZER
  }

  /** An element's type. */
  enum Type {
    BF16(2),
    INT32(4),
    FP32(4),
    DOUBLE(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /** One piece of memory; equal only to itself. */
  static final class Buffer {
    private final Key key;
    private final Use use;

    private Buffer(Key key, Use use) {
      this.key = key;
      this.use = use;
    }
  }

  private record Key(Type type, long length) {
    long bytes() {
      return type.bytes * length;
    }
  }

  /** How many buffers of one type and length are in use, and the most that ever were. */
  private static final class Count {
    private final int[] used = new int[Use.values().length];
    private final int[] most = new int[Use.values().length];
    private int allUsed;
    private int allMost;

    void take(Use use) {
      most[use.ordinal()] = Math.max(most[use.ordinal()], ++used[use.ordinal()]);
      allMost = Math.max(allMost, ++allUsed);
    }

    void giveBack(Use use) {
      used[use.ordinal()]--;
      allUsed--;
    }

    /** Of all buffers, those that count for a use: what earlier uses leave of them. */
    int of(Use use) {
      int left = allMost;
      for (int earlier = 0; earlier < use.ordinal(); earlier++) {
        left -= Math.min(left, most[earlier]);
      }
      return Math.min(left, most[use.ordinal()]);
    }
  }

  /** Of x86, in bytes; buffers of this size and more have them. */
  private static final long HUGE_PAGE = 2 << 20;

  private final Map<Key, Count> counts = new HashMap<>();
  private final Deque<List<Buffer>> scopes = new ArrayDeque<>();
  private Use use = Use.ENCODER;

  /** What is taken from now on is for. */
  void use(Use next) {
    use = next;
  }

  /** A buffer of the innermost scope. */
  Buffer take(Type type, long length) {
    Buffer buffer = borrow(type, length);
    scopes.element().add(buffer);
    return buffer;
  }

  /** A buffer to be given back by the caller. */
  Buffer borrow(Type type, long length) {
    Key key = new Key(type, length);
    counts.computeIfAbsent(key, first -> new Count()).take(use);
    return new Buffer(key, use);
  }

  /** Gives a buffer back. */
  void giveBack(Buffer buffer) {
    counts.get(buffer.key).giveBack(buffer.use);
  }

  /** Opens a scope. */
  void open() {
    scopes.push(new ArrayList<>());
  }

  /** Closes the innermost scope. */
  void close() {
    scopes.pop().forEach(this::giveBack);
  }

  /** The same, but {@code kept}, if it is of that scope, then belongs to the next one. */
  Buffer closeKeeping(Buffer kept) {
    List<Buffer> closed = scopes.pop();
    if (closed.remove(kept)) {
      scopes.element().add(kept);
    }
    closed.forEach(this::giveBack);
    return kept;
  }

  /** Bytes of all buffers for a use. */
  long bytes(Use of) {
    return bytes(count -> count.of(of));
  }

  /** Bytes of all buffers. */
  long bytes() {
    return bytes(count -> count.allMost);
  }

  private long bytes(ToIntFunction<Count> buffers) {
    return counts.entrySet().stream()
        .mapToLong(entry -> entry.getKey().bytes() * buffers.applyAsInt(entry.getValue()))
        .sum();
  }

  /** Bytes behind the ends of buffers that have huge pages: docs/decisions/0005-huge-pages.md. */
  long pageEnds() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().bytes() >= HUGE_PAGE)
        .mapToLong(
            entry -> Math.floorMod(-entry.getKey().bytes(), HUGE_PAGE) * entry.getValue().allMost)
        .sum();
  }
}
