package org.longmae.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NaiveGeluTest {
  // From tables of the normal distribution. The tanh and sigmoid approximations give 0.8412 and
  // 0.8458 at 1; 1 − erf would have no digit left at −12.
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 0.34573123063700655",
    "1, 0.8413447460685429",
    "-1, -0.15865525393145707",
    "3, 2.995950305905110",
    "-3, -0.004049694094890287",
    "-5, -1.4332578593959695e-6",
    "-12, -2.1317785344932424e-32",
    "40, 40"
  })
  void oracleHasTheKnownValues(double x, double expected) {
    double actual = NaiveGelu.forward(new double[] {x})[0];
    assertThat(actual).isCloseTo(expected, withinPercentage(1e-8));
  }
}
