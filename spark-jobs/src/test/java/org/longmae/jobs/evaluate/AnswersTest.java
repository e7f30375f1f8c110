package org.longmae.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
  @Test
  void answersAreCountedByClass() {
    List<Answer> answers =
        List.of(
            new Answer(0, 0, true),
            new Answer(0, 2, true),
            new Answer(1, 2, false),
            new Answer(2, 2, true));
    Answers counted = Answer.count(answers, 3, 0);
    assertThat(counted.confusion()).isDeepEqualTo(new long[][] {{1, 0, 1}, {0, 0, 1}, {0, 0, 1}});
    assertThat(counted.accuracy()).isEqualTo(0.5);
    assertThat(counted.topFive()).isEqualTo(0.75);
    assertThat(counted.chance()).isEqualTo(0.5);
    assertThat(counted.of(2, "two")).isEqualTo(new Answers.ClassReport("two", 1, 1, 1.0 / 3));
    assertThat(counted.of(1, "one")).isEqualTo(new Answers.ClassReport("one", 1, 0, 0));
  }

  // Wilson (1927): 81 of 263 is 0.2553 to 0.3662, Newcombe (1998), table I.
  @Test
  void theIntervalIsWilsons() {
    Answers answers = new Answers(new long[][] {{81, 182}, {0, 0}}, 263, 0.5);
    assertThat(answers.low()).isCloseTo(0.2553, within(5e-5));
    assertThat(answers.high()).isCloseTo(0.3662, within(5e-5));
  }

  @Test
  void ofEqualScoresTheFirstClassWins() {
    assertThat(Answer.of(1, new double[] {0, 3, 3})).isEqualTo(new Answer(1, 1, true));
    assertThat(Answer.of(2, new double[] {0, 3, 3})).isEqualTo(new Answer(2, 1, true));
    double[] tied = {1, 1, 1, 1, 1, 1};
    assertThat(Answer.of(4, tied).inTopFive()).isTrue();
    assertThat(Answer.of(5, tied).inTopFive()).isFalse();
  }

  @Test
  void neighboursOfTwoBlocksAreMergedByCosine() {
    NearestLabels one =
        new NearestLabels(new int[] {7}, new int[] {1, 2}, new float[] {0.9f, 0.1f});
    NearestLabels two =
        new NearestLabels(new int[] {7}, new int[] {3, 4}, new float[] {0.5f, 0.4f});
    assertThat(one.merge(two).labels()).containsExactly(1, 3);
    assertThat(two.merge(one).labels()).containsExactly(1, 3);
    assertThat(one.merge(NearestLabels.none(new int[] {7}, 2)).labels()).containsExactly(1, 2);
  }
}
