package org.longmae.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RunLengthsTest {
  /** Texts made by pycocotools 2.0.11 from these lengths. */
  @Test
  void equalsCocosOwnText() {
    assertThat(RunLengths.compress(new long[] {6, 1, 40, 4, 5, 4, 5, 4, 12}))
        .isEqualTo("61X13mN0007");
    assertThat(RunLengths.compress(new long[] {0, 5000, 1, 2, 3, 4000, 994}))
        .isEqualTo("0Xl41jSK2nl3on0");
  }

  @Property(tries = 200, seed = "1")
  void lengthsComeBack(@ForAll List<@LongRange(min = 0, max = 1 << 30) Long> lengths) {
    long[] numbers = lengths.stream().mapToLong(Long::longValue).toArray();

    assertThat(RunLengths.lengths(RunLengths.compress(numbers))).isEqualTo(numbers);
  }

  @Test
  void brokenTextIsRefused() {
    assertThatThrownBy(() -> RunLengths.lengths("X")).hasMessageContaining("not a run-length mask");
    assertThatThrownBy(() -> RunLengths.lengths("1 2"))
        .hasMessageContaining("not a run-length mask");
  }
}
