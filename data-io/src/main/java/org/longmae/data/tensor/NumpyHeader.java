package org.longmae.data.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of a {@code .npy}: a magic number, a version, the length of a Python literal, and the
 * literal, which says type, order and shape.
 *
 * @param type as NumPy names it, such as {@code <f4}
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
record NumpyHeader(String type, boolean columnMajor, long... shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int LONGEST = 1 << 16;
  private static final Pattern LITERAL =
      Pattern.compile(
          "\\{'descr': '([^']{1,8})', 'fortran_order': (True|False),"
              + " 'shape': \\(((?:\\d{1,18}(?:, ?\\d{1,18}){0,31})?),?\\),? ?\\}\\s*");

  /** The longest head that is read, and what comes before its text. */
  static final int MOST_BYTES = LONGEST + 12;

  /** A head and how long it is. */
  record Read(NumpyHeader header, int bytes) {}

  /** The head at the start of some bytes; empty if there is none, or one of another version. */
  static Optional<Read> read(byte[] start) {
    ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (start.length < 12 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    int version = start[6];
    int text = version == 1 ? 10 : 12;
    long length = version == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8) & 0xffffffffL;
    if (version < 1 || version > 3 || length > start.length - text) {
      return Optional.empty();
    }
    Matcher literal =
        LITERAL.matcher(new String(start, text, (int) length, StandardCharsets.ISO_8859_1));
    if (!literal.matches()) {
      return Optional.empty();
    }
    String sides = literal.group(3);
    long[] shape =
        sides.isEmpty()
            ? new long[0]
            : Arrays.stream(sides.split(", ?")).mapToLong(Long::parseLong).toArray();
    NumpyHeader header = new NumpyHeader(literal.group(1), literal.group(2).equals("True"), shape);
    return Optional.of(new Read(header, text + (int) length));
  }

  /** As bytes of version 1, so long that the elements begin at a multiple of 64. */
  byte[] bytes() {
    String sides = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String literal =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }",
            type,
            columnMajor ? "True" : "False",
            shape.length == 1 ? sides + "," : sides);
    int length = (10 + literal.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
    bytes.put(literal.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.remaining() > 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }
}
