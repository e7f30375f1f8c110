package org.longmae.data.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SolidTest {
  /** Each solid beside a function that is at most 0 exactly inside it. */
  static Stream<Arguments> solids() {
    return Stream.of(
        solid(
            new Ellipsoid(0.1, 0.2, -0.1, 0.5, 0.7, 0.4),
            p -> ellipsoid(p, 0.1, 0.2, -0.1, 0.5, 0.7, 0.4)),
        solid(
            new Dome(0.1, 0.2, -0.1, 0.5, 0.7, 0.4),
            p -> Math.max(0.2 - p[1], ellipsoid(p, 0.1, 0.2, -0.1, 0.5, 0.7, 0.4))),
        solid(
            new Cuboid(new Bounds(-0.3, -0.5, -0.2, 0.4, 0.6, 0.3)),
            p -> {
              double x = Math.max(-0.3 - p[0], p[0] - 0.4);
              double y = Math.max(-0.5 - p[1], p[1] - 0.6);
              return Math.max(Math.max(x, y), Math.max(-0.2 - p[2], p[2] - 0.3));
            }),
        solid(
            Convex.tapered(0, -0.4, 0, 1, 0.8, 0.6, 0, 0.9),
            p -> {
              double up = (p[1] + 0.4) / 0.9;
              double x = Math.abs(p[0]) - (0.5 - 0.2 * up);
              double z = Math.abs(p[2]) - 0.4 * (1 - up);
              return Math.max(Math.max(x, z), Math.max(-up, up - 1));
            }),
        solid(new Frustum(0, -0.5, 0, 0.2, 0.5, 0.1, 0.5, 0.1), p -> frustum(p, 0.5, 0.1)),
        solid(new Frustum(0, -0.5, 0, 0.2, 0.5, 0.1, 0.3, 0.3), p -> frustum(p, 0.3, 0.3)),
        solid(
            new Capsule(0, -0.5, 0, 0.2, 0.5, 0.1, 0.3),
            p -> Math.sqrt(toAxis2(p, Math.min(1, Math.max(0, along(p))))) - 0.3));
  }

  /** Marching along the ray in small steps is slow and obvious. */
  @ParameterizedTest
  @MethodSource("solids")
  void meetsWhereMarchingEnters(Solid solid, ToDoubleFunction<double[]> outside) {
    SplittableRandom random = new SplittableRandom(4);
    int hits = 0;
    for (int i = 0; i < 300; i++) {
      Ray ray = randomRay(random);
      double expected = march(ray, outside);
      boolean crossed = solid.bounds().crossedBy(ray);
      boolean met = solid.meet(ray);

      if (expected > 0) {
        hits++;
        assertThat(crossed).isTrue();
        assertThat(met).isTrue();
        assertThat(ray.t).isCloseTo(expected, within(2e-3));
        assertThat(ray.nx * ray.dx + ray.ny * ray.dy + ray.nz * ray.dz).isLessThan(1e-9);
      } else if (met) {
        // Marching may step over a corner; there the surface must still be the solid's.
        double[] point = {ray.x(), ray.y(), ray.z()};
        assertThat(outside.applyAsDouble(point)).isCloseTo(0, within(1e-6));
      }
    }
    assertThat(hits).isGreaterThan(50);
  }

  private static Ray randomRay(SplittableRandom random) {
    Ray ray = new Ray();
    double[] from = new double[3];
    double length = 0;
    for (int i = 0; i < 3; i++) {
      from[i] = random.nextDouble() - 0.5;
      length += from[i] * from[i];
    }
    length = Math.sqrt(length) / 3;
    ray.from(from[0] / length, from[1] / length, from[2] / length);
    ray.towards(
        (random.nextDouble() - 0.5) * 0.8 - ray.ox,
        (random.nextDouble() - 0.5) * 0.8 - ray.oy,
        (random.nextDouble() - 0.5) * 0.8 - ray.oz);
    return ray;
  }

  private static double march(Ray ray, ToDoubleFunction<double[]> outside) {
    for (double t = 0; t < 2; t += 1e-3) {
      double[] point = {ray.ox + t * ray.dx, ray.oy + t * ray.dy, ray.oz + t * ray.dz};
      if (outside.applyAsDouble(point) <= 0) {
        return t;
      }
    }
    return -1;
  }

  private static double ellipsoid(
      double[] p, double x, double y, double z, double rx, double ry, double rz) {
    double dx = (p[0] - x) / rx;
    double dy = (p[1] - y) / ry;
    double dz = (p[2] - z) / rz;
    return dx * dx + dy * dy + dz * dz - 1;
  }

  private static double frustum(double[] p, double foot, double top) {
    double h = along(p);
    double side = Math.sqrt(toAxis2(p, h)) - (foot + h * (top - foot));
    return Math.max(side, Math.max(-h, h - 1));
  }

  /** Along the axis from (0, −0.5, 0) to (0.2, 0.5, 0.1): 0 at its start, 1 at its end. */
  private static double along(double[] p) {
    return (p[0] * 0.2 + (p[1] + 0.5) + p[2] * 0.1) / 1.05;
  }

  private static double toAxis2(double[] p, double h) {
    double x = p[0] - 0.2 * h;
    double y = p[1] + 0.5 - h;
    double z = p[2] - 0.1 * h;
    return x * x + y * y + z * z;
  }

  private static Arguments solid(Solid solid, ToDoubleFunction<double[]> outside) {
    return Arguments.of(solid, outside);
  }
}
