package org.longmae.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and kernels that PyTorch resized: {@code docs/peers/resize_goldens.py}. */
class ResizeGoldensTest {
  /** What was resized from what to what. */
  private record Golden(String what, Grid from, Grid to, float[] before, float[] after) {
    static Golden parse(String line) {
      Scanner words = new Scanner(line);
      return new Golden(words.next(), grid(words), grid(words), values(words), values(words));
    }

    private static Grid grid(Scanner words) {
      String[] sides = words.next().split("x");
      return new Grid(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static float[] values(Scanner words) {
      float[] values = new float[Integer.parseInt(words.next())];
      IntStream.range(0, values.length).forEach(i -> values[i] = Float.parseFloat(words.next()));
      return values;
    }

    @Override
    public String toString() {
      return what + " " + from + " " + to;
    }
  }

  static List<Golden> goldens() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                ResizeGoldensTest.class.getResourceAsStream("/resize-goldens.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(Golden::parse).toList();
    }
  }

  static Stream<Golden> tables() throws IOException {
    return goldens().stream().filter(golden -> !golden.what().equals("kernel"));
  }

  static Stream<Golden> kernels() throws IOException {
    return goldens().stream().filter(golden -> golden.what().equals("kernel"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreThoseOfPytorch(Golden golden) {
    Cubic cubic = golden.what().equals("plain") ? Cubic.PLAIN : Cubic.ANTIALIASED;
    int width = golden.before().length / golden.from().patches();
    float[] table = new float[width + golden.before().length];
    System.arraycopy(golden.before(), 0, table, width, golden.before().length);
    float[] resized = ResizedPositionTable.of(table, golden.from(), golden.to(), width, cubic);
    for (int i = 0; i < golden.after().length; i++) {
      assertThat(resized[width + i]).isCloseTo(golden.after()[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsAreThoseOfPytorch(Golden golden) {
    float[] resampled =
        ResampledPatchKernel.of(golden.before(), golden.from().rows(), golden.to().rows());
    assertThat(resampled).hasSameSizeAs(golden.after());
    for (int i = 0; i < resampled.length; i++) {
      assertThat(resampled[i]).isCloseTo(golden.after()[i], within(1e-5f));
    }
  }

  // Any enlarged patch gives the larger kernel what the patch itself gives the old one.
  @Test
  void anEnlargedPatchIsEmbeddedAsThePatchWas() {
    double[][] enlarge = Cubic.ANTIALIASED.weights(4, 7);
    float[] kernel = {1, -2, 3, 0.5f, 2, 2, -1, 0, 0, 1, -3, 4, 5, -1, 1, 2};
    float[] larger = ResampledPatchKernel.of(kernel, 4, 7);
    double before = 0;
    for (int i = 0; i < 16; i++) {
      before += kernel[i] * pixel(i / 4, i % 4);
    }
    double after = 0;
    for (int i = 0; i < 49; i++) {
      double resized = 0;
      for (int j = 0; j < 16; j++) {
        resized += enlarge[i / 7][j / 4] * enlarge[i % 7][j % 4] * pixel(j / 4, j % 4);
      }
      after += larger[i] * resized;
    }
    assertThat(after).isCloseTo(before, within(1e-4));
  }

  private static double pixel(int row, int col) {
    return Math.sin(1 + 3 * row + 7 * col);
  }
}
