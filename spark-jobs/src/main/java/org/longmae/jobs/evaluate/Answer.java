package org.longmae.jobs.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * What a classifier said of one picture.
 *
 * @param label the picture's class
 * @param first the class that it was taken for
 * @param inTopFive whether its class was among the first five
 */
record Answer(int label, int first, boolean inTopFive) implements Serializable {
  private static final int FIVE = 5;

  /** The answer that scores of all classes amount to; of equal ones, the first class wins. */
  static Answer of(int label, double[] scores) {
    int first = 0;
    int better = 0;
    for (int other = 0; other < scores.length; other++) {
      if (scores[other] > scores[first]) {
        first = other;
      }
      boolean before = scores[other] == scores[label] && other < label;
      if (scores[other] > scores[label] || before) {
        better++;
      }
    }
    return new Answer(label, first, better < FIVE);
  }

  /** Counts answers. */
  static Answers count(List<Answer> answers, int classes, int commonest) {
    long[][] confusion = new long[classes][classes];
    long inTopFive = 0;
    long common = 0;
    for (Answer answer : answers) {
      confusion[answer.label()][answer.first()]++;
      inTopFive += answer.inTopFive() ? 1 : 0;
      common += answer.label() == commonest ? 1 : 0;
    }
    return new Answers(confusion, inTopFive, (double) common / answers.size());
  }
}
