package org.longmae.data.image;

import java.util.Arrays;

/**
 * Resizes a part of a picture with antialiased bicubic interpolation, to the bit as Pillow's {@code
 * crop(…).resize(…, BICUBIC)} does it for eight-bit pictures.
 *
 * <p>Two passes, rows first, then columns, rounded to eight bits after each. Only the region's rows
 * are touched, and of the first pass's result only as many rows are held as are needed (a hundred
 * kilobytes or so, which stay in the cache).
 *
 * <p>Both passes are the same loop over {@code int} arrays, {@link #addTwo}, which the compiler
 * turns into vector instructions. The second pass has its rows as they are; for the first one,
 * blocks of rows are transposed, so that what is added up lies side by side there too. (Adding up
 * pixel by pixel, two sums in one {@code long}, took half as long again.)
 */
public final class Resample {
  /** Rows that the first pass takes together. */
  private static final int BLOCK = 32;

  private static final int HALF = 1 << (ResampleWeights.PRECISION_BITS - 1);

  /**
   * Clamped to 0…255, by the upper ten bits of a sum: they are its value as a whole number, −512 to
   * 511, and negative values are the upper half of the table.
   */
  private static final byte[] CLAMPED = new byte[1 << (32 - ResampleWeights.PRECISION_BITS)];

  static {
    for (int i = 0; i < CLAMPED.length / 2; i++) {
      CLAMPED[i] = (byte) Math.min(i, 255);
    }
  }

  private final PixelRows source;
  private final int channels;
  private final int width;
  private final int height;
  private final ResampleWeights columns;
  private final ResampleWeights rows;
  private final int firstColumn;
  private final int lastRow;

  /** Rows after the first pass; row r is at r modulo the length. */
  private final int[][] narrowed;

  private int narrowedUpTo;

  /** A block of source rows, one behind the other. */
  private final byte[] block;

  /** The same by columns; in each the first channel of all rows, then the second, and so on. */
  private final int[][] transposed;

  private Resample(
      PixelRows source, ResampleWeights columns, ResampleWeights rows, int width, int height) {
    this.source = source;
    channels = source.channels();
    this.width = width;
    this.height = height;
    this.columns = columns;
    this.rows = rows;
    firstColumn = columns.first()[0];
    int columnsUsed = columns.first()[width - 1] + columns.taps()[width - 1] - firstColumn;
    lastRow = rows.first()[height - 1] + rows.taps()[height - 1] - 1;
    // Rows come in blocks, so nearly a block more than an output row needs may be there.
    narrowed = new int[rows.stride() + BLOCK - 1][channels * width];
    narrowedUpTo = rows.first()[0];
    block = new byte[BLOCK * channels * columnsUsed];
    transposed = new int[columnsUsed][channels * BLOCK];
  }

  /**
   * Resizes a region to {@code width × height}. Pixels outside the region have no influence.
   *
   * @throws IllegalArgumentException if the region is not inside the picture
   */
  public static Picture bicubic(Picture source, Region region, int width, int height) {
    return bicubic(PixelRows.of(source), region, 1, width, height);
  }

  /**
   * Resizes a region of a picture that was reduced when it was decoded.
   *
   * @param region in pixels of the full picture
   * @param reduction how many pixels of the full picture, each way, one of {@code source} is
   */
  static Picture bicubic(PixelRows source, Region region, int reduction, int width, int height) {
    int right = region.x() + region.width();
    int bottom = region.y() + region.height();
    if (ceilDiv(right, reduction) > source.width()
        || ceilDiv(bottom, reduction) > source.height()) {
      throw new IllegalArgumentException(
          "the region must be inside the picture (%d×%d, reduced by %d) but was %s"
              .formatted(source.width(), source.height(), reduction, region));
    }
    ResampleWeights columns = weights(region.x(), right, reduction, width);
    ResampleWeights rows = weights(region.y(), bottom, reduction, height);
    return new Resample(source, columns, rows, width, height).run();
  }

  private static ResampleWeights weights(int from, int to, int reduction, int outputs) {
    return ResampleWeights.of(
        from / reduction,
        ceilDiv(to, reduction),
        (double) from / reduction,
        (double) to / reduction,
        outputs);
  }

  private Picture run() {
    byte[] pixels = new byte[channels * width * height];
    int[] sums = new int[channels * width];
    for (int y = 0; y < height; y++) {
      int first = rows.first()[y];
      int taps = rows.taps()[y];
      while (narrowedUpTo < first + taps) {
        narrowBlock();
      }
      add(narrowed, first, rows, y, sums);
      int to = channels * width * y;
      for (int i = 0; i < sums.length; i++) {
        pixels[to + i] = CLAMPED[sums[i] >>> ResampleWeights.PRECISION_BITS];
      }
    }
    return new Picture(width, height, channels, pixels);
  }

  /** First pass: brings the next block of source rows to the output's width. */
  private void narrowBlock() {
    transpose();
    int[] sums = new int[channels * BLOCK];
    int[][] to = new int[BLOCK][];
    for (int r = 0; r < BLOCK; r++) {
      to[r] = narrowed[(narrowedUpTo + r) % narrowed.length];
    }
    for (int x = 0; x < width; x++) {
      add(transposed, columns.first()[x] - firstColumn, columns, x, sums);
      if (channels == Picture.RGB) {
        scatterRgb(sums, to, Picture.RGB * x);
      } else {
        scatterGrey(sums, to, x);
      }
    }
    narrowedUpTo += BLOCK;
  }

  private void transpose() {
    int length = block.length / BLOCK;
    for (int r = 0; r < BLOCK; r++) {
      // Behind the last row it is read again; what comes of that is not used.
      int row = Math.min(narrowedUpTo + r, lastRow);
      source.copy(row, firstColumn, block, r * length, length);
    }
    for (int column = 0; column < transposed.length; column++) {
      int[] to = transposed[column];
      for (int channel = 0; channel < channels; channel++) {
        int from = channels * column + channel;
        for (int r = channel * BLOCK; r < (channel + 1) * BLOCK; r++, from += length) {
          to[r] = block[from] & 0xff;
        }
      }
    }
  }

  /**
   * Puts one column of a block, rounded to bytes, into its rows. (A loop over channels would make
   * all of the resizing a tenth slower.)
   */
  private static void scatterRgb(int[] sums, int[][] to, int at) {
    for (int r = 0; r < BLOCK; r++) {
      int[] row = to[r];
      row[at] = CLAMPED[sums[r] >>> ResampleWeights.PRECISION_BITS] & 0xff;
      row[at + 1] = CLAMPED[sums[r + BLOCK] >>> ResampleWeights.PRECISION_BITS] & 0xff;
      row[at + 2] = CLAMPED[sums[r + 2 * BLOCK] >>> ResampleWeights.PRECISION_BITS] & 0xff;
    }
  }

  private static void scatterGrey(int[] sums, int[][] to, int at) {
    for (int r = 0; r < BLOCK; r++) {
      to[r][at] = CLAMPED[sums[r] >>> ResampleWeights.PRECISION_BITS] & 0xff;
    }
  }

  /** The weighted sum of the lines that one output position is made of, {@code first} and on. */
  private static void add(
      int[][] lines, int first, ResampleWeights weights, int output, int[] sums) {
    Arrays.fill(sums, HALF);
    int at = output * weights.stride();
    int end = at + weights.taps()[output];
    int line = first % lines.length;
    while (at < end) {
      int[] a = lines[line];
      line = line + 1 == lines.length ? 0 : line + 1;
      // Behind the last tap the weight is 0, whatever the line.
      addTwo(a, weights.weights()[at], lines[line], weights.weights()[at + 1], sums);
      line = line + 1 == lines.length ? 0 : line + 1;
      at += 2;
    }
  }

  /** The same index everywhere: only so does the compiler know that it may use vectors. */
  private static void addTwo(int[] a, int u, int[] b, int v, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * u + b[i] * v;
    }
  }

  private static int ceilDiv(int value, int divisor) {
    return -Math.floorDiv(-value, divisor);
  }
}
