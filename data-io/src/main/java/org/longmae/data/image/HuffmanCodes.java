package org.longmae.data.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * A Huffman table of a sequential JPEG, as the steps that a reader takes who wants to know where
 * codes end and not what they mean: bits to pass over, a code's own and those of the number behind
 * it, and coefficients that this fills.
 *
 * <p>Codes of up to {@value #LOOKED_UP} bits, nearly all that occur, are found by one look at the
 * next bits; longer ones are compared length by length, as ISO/IEC 10918-1, F.2.2.3, does it. Most
 * codes are so short that the next one can be told by the same look: {@link #pair}.
 */
final class HuffmanCodes {
  /** Coefficients of a block. */
  static final int BLOCK = 64;

  /** The advance of a code that ends a block; more than all others of a block together. */
  static final int END_OF_BLOCK = 128;

  private static final int LOOKED_UP = 11;
  private static final int LONGEST = 16;

  /** Low bits of a step: bits to pass over. The rest is the advance. */
  private static final int BITS_OF_LENGTH = 6;

  /** Both steps of a pair; a reader has as many bits at hand. */
  private static final int LONGEST_PAIR = 32;

  /** In the place of a pair where the next bits do not tell even one code. */
  private static final int UNKNOWN = 2 * END_OF_BLOCK << BITS_OF_LENGTH;

  private final int[] shortSteps = new int[1 << LOOKED_UP];
  private final int[] pairs = new int[1 << LOOKED_UP];
  private final int[] steps;
  private final int[] firstCode = new int[LONGEST + 1];
  private final int[] firstStep = new int[LONGEST + 2];

  private HuffmanCodes(int symbols) {
    steps = new int[symbols];
  }

  /**
   * A table as a DHT segment holds it.
   *
   * @param from where the 16 counts are, which the symbols follow
   * @param forDc whether its symbols are sizes of DC differences; else they are runs of zeros and
   *     sizes
   * @return nothing if libjpeg refuses the table: more codes than fit their lengths, or sizes that
   *     no DC difference has, even if no code of the file uses them
   */
  static Optional<HuffmanCodes> of(byte[] file, int from, boolean forDc) {
    HuffmanCodes table = new HuffmanCodes(symbols(file, from));
    int[] lengths = new int[1 << LOOKED_UP];
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= LONGEST; length++) {
      int count = file[from + length - 1] & 0xff;
      table.firstCode[length] = code;
      table.firstStep[length] = symbol;
      // The code of ones alone is not allowed.
      if (count > 0 && code + count >= 1 << length) {
        return Optional.empty();
      }
      for (int i = 0; i < count; i++, code++, symbol++) {
        int meaning = file[from + LONGEST + symbol] & 0xff;
        if (forDc && meaning > 15) {
          return Optional.empty();
        }
        int step = step(meaning, length, forDc);
        table.steps[symbol] = step;
        if (length <= LOOKED_UP) {
          int spare = LOOKED_UP - length;
          Arrays.fill(table.shortSteps, code << spare, code + 1 << spare, step);
          Arrays.fill(lengths, code << spare, code + 1 << spare, length);
        }
      }
      code <<= 1;
    }
    table.firstStep[LONGEST + 1] = symbol;
    if (!forDc) {
      table.pairUp(lengths);
    }
    return Optional.of(table);
  }

  /** How many symbols a table has, by its counts. */
  static int symbols(byte[] file, int from) {
    int symbols = 0;
    for (int i = 0; i < LONGEST; i++) {
      symbols += file[from + i] & 0xff;
    }
    return symbols;
  }

  /** The step of the code that {@code bits} begins with; 0 if there is none. */
  int step(long bits) {
    int step = shortSteps[(int) (bits >>> Long.SIZE - LOOKED_UP)];
    return step != 0 ? step : longStep(bits);
  }

  /**
   * The steps of the one or two codes that {@code bits} begins with, as one. It may be taken if the
   * coefficients come to less than {@link #BLOCK} by it, or to {@link #END_OF_BLOCK} and less than
   * a block; else the codes must be taken one by one.
   */
  int pair(long bits) {
    return pairs[(int) (bits >>> Long.SIZE - LOOKED_UP)];
  }

  /** Bits that a step passes over; a shift by the step itself is one by these. */
  static int bits(int step) {
    return step & (1 << BITS_OF_LENGTH) - 1;
  }

  /** Coefficients that a step fills, or {@link #END_OF_BLOCK}. */
  static int advance(int step) {
    return step >>> BITS_OF_LENGTH;
  }

  private void pairUp(int[] lengths) {
    for (int i = 0; i < pairs.length; i++) {
      int first = shortSteps[i];
      pairs[i] = first == 0 ? UNKNOWN : first;
      int left = LOOKED_UP - bits(first);
      if (first != 0 && left > 0 && advance(first) < END_OF_BLOCK) {
        int next = (i << bits(first)) & (pairs.length - 1);
        int second = shortSteps[next];
        if (second != 0 && lengths[next] <= left && bits(first) + bits(second) <= LONGEST_PAIR) {
          pairs[i] = first + second;
        }
      }
    }
  }

  private int longStep(long bits) {
    for (int length = LOOKED_UP + 1; length <= LONGEST; length++) {
      int place = firstStep[length] + (int) (bits >>> Long.SIZE - length) - firstCode[length];
      if (place >= firstStep[length] && place < firstStep[length + 1]) {
        return steps[place];
      }
    }
    return 0;
  }

  /** What a symbol asks for; 0 for symbols that 8-bit pictures do not have. */
  private static int step(int symbol, int length, boolean forDc) {
    int run = symbol >> 4;
    int size = symbol & 15;
    int advance = run + 1;
    if (forDc && symbol > 11 || !forDc && size == 0 && run != 0 && run != 15) {
      return 0;
    }
    if (!forDc && symbol == 0) {
      advance = END_OF_BLOCK;
    }
    return advance << BITS_OF_LENGTH | length + size;
  }
}
