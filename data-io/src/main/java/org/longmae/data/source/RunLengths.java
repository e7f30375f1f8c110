package org.longmae.data.source;

import java.util.Arrays;

/**
 * COCO's run-length masks. A mask is the lengths of alternating runs of pixels outside and inside
 * the object, column by column, starting outside. COCO's files hold them as lists of numbers or as
 * text; we keep the text, which is about a third of the size.
 *
 * <p>The text: from the third run on, each length is replaced by its difference to the run two
 * before; each number is cut into groups of five bits, lowest first, the last one signed; a group
 * that is not the last gets bit 5; 48 is added to make each a printable character.
 */
public final class RunLengths {
  private RunLengths() {}

  /** Lengths as text. */
  public static String compress(long[] lengths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lengths.length; i++) {
      long rest = i > 2 ? lengths[i] - lengths[i - 2] : lengths[i];
      boolean more;
      do {
        long group = rest & 0x1f;
        rest >>= 5;
        // Done when what is left is only the sign of what was written.
        more = (group & 0x10) != 0 ? rest != -1 : rest != 0;
        text.append((char) ((more ? group | 0x20 : group) + 48));
      } while (more);
    }
    return text.toString();
  }

  /**
   * Text as lengths.
   *
   * @throws IllegalArgumentException if the text is no such mask
   */
  public static long[] lengths(String text) {
    long[] lengths = new long[text.length()];
    int count = 0;
    for (int at = 0; at < text.length(); count++) {
      long value = 0;
      int shift = 0;
      int group;
      do {
        group = at < text.length() ? text.charAt(at++) - 48 : -1;
        if (group < 0 || group > 0x3f || shift > 60) {
          throw new IllegalArgumentException("not a run-length mask: ends or breaks at " + at);
        }
        value |= (long) (group & 0x1f) << shift;
        shift += 5;
      } while ((group & 0x20) != 0);
      if ((group & 0x10) != 0) {
        value |= -1L << shift;
      }
      lengths[count] = count > 2 ? value + lengths[count - 2] : value;
    }
    return Arrays.copyOf(lengths, count);
  }
}
