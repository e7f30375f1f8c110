package org.longmae.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLI = 1_000_000;

  private long now;

  private double settled(LongUnaryOperator nanos) {
    return Pace.settled(done -> now += nanos.applyAsLong(done), () -> now);
  }

  // A JVM's first steps are interpreted.
  @Test
  void slowBeginningsDoNotCount() {
    double seconds = settled(done -> 50 * MILLI + (long) (400 * MILLI * Math.pow(0.9, done)));
    assertThat(seconds).isEqualTo(0.05, within(0.003));
  }

  // 1.5 s at least are timed together, so each of these is its own window.
  @Test
  void whatTakesLongIsDoneUntilTwoHaveGainedNothing() {
    long[] times = {9000 * MILLI, 4000 * MILLI, 4000 * MILLI, 3990 * MILLI, 0};
    assertThat(settled(done -> times[(int) done])).isEqualTo(3.99, within(1e-9));
  }

  @Test
  void oneSlowMomentIsNotTheEnd() {
    long[] times = {9000 * MILLI, 9000 * MILLI, 4000 * MILLI, 4000 * MILLI, 4000 * MILLI, 0};
    assertThat(settled(done -> times[(int) done])).isEqualTo(4, within(1e-9));
  }

  @Test
  void whatBecomesFasterForeverEnds() {
    assertThat(settled(done -> 10_000 * MILLI >> done)).isLessThan(1);
  }
}
