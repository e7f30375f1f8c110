package org.longmae.data.image;

import static org.longmae.data.image.HuffmanCodes.BLOCK;
import static org.longmae.data.image.HuffmanCodes.END_OF_BLOCK;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Entropy-coded data of a JPEG between two markers, read code by code. The stuffed zeros behind
 * bytes FF are taken out once, so that reading need not look for them.
 */
final class CodedData {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Bytes of 64 codes of 16 bits with numbers of 15: no block reads more. */
  private static final int LARGEST_BLOCK = BLOCK * 31 / Byte.SIZE;

  /** Bits in the window at least, once it was filled up. */
  private static final int FILLED_UP = 56;

  private final byte[] bytes;
  private int length;

  /** The next bits, from the top down. */
  private long window;

  /**
   * How many bits of the window come before the byte at {@link #at}; at least 24, which is more
   * than the longest code.
   */
  private int held;

  private int at;

  /** Room for data of up to {@code most} bytes. */
  CodedData(int most) {
    // A block that begins in the data may end behind it, and the window is ahead of both.
    bytes = new byte[most + LARGEST_BLOCK + 3 * Long.BYTES];
  }

  /**
   * Begins with the data that is at a place of a file.
   *
   * @return where the marker is that ends it, or the file's length
   */
  int begin(byte[] file, int from) {
    length = 0;
    held = FILLED_UP;
    at = FILLED_UP / Byte.SIZE;
    int start = from;
    while (true) {
      int end = JpegStructure.nextFf(file, start);
      boolean stuffed = end + 1 < file.length && file[end + 1] == 0;
      int copied = end - start + (stuffed ? 1 : 0);
      System.arraycopy(file, start, bytes, length, copied);
      length += copied;
      if (!stuffed) {
        window = (long) LONG.get(bytes, 0);
        return end;
      }
      start = end + 2;
    }
  }

  /** Passes over a block; false if its codes are not those of a block, or the data ends in it. */
  boolean passBlock(HuffmanCodes dc, HuffmanCodes ac) {
    if (left() < 0) {
      return false;
    }
    // Fields would be written back to memory at every code.
    long window = this.window;
    int held = this.held;
    int at = this.at;
    int step = dc.step(window);
    int filled = 0;
    while (step != 0) {
      // Filled up behind the look at it, so that the processor does both at a time.
      window |= (long) LONG.get(bytes, at) >>> held;
      at += Long.BYTES - 1 - (held >>> 3);
      held |= FILLED_UP;
      window <<= step;
      held -= HuffmanCodes.bits(step);
      filled += HuffmanCodes.advance(step);
      if (filled >= BLOCK) {
        break;
      }
      step = ac.pair(window);
      int then = filled + HuffmanCodes.advance(step);
      if (then >= BLOCK && (then < END_OF_BLOCK || then >= END_OF_BLOCK + BLOCK)) {
        step = ac.step(window);
      }
    }
    this.window = window;
    this.held = held;
    this.at = at;
    return step != 0 && (filled == BLOCK || filled >= END_OF_BLOCK);
  }

  /** Whether all bytes were passed, and none beyond them. */
  boolean isAtEnd() {
    return left() >= 0 && left() < Byte.SIZE;
  }

  /** Bits that were not passed; below zero if there were not as many. */
  private long left() {
    return (long) Byte.SIZE * (length - at) + held;
  }
}
