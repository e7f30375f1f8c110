package org.longmae.data.scenes;

import java.util.List;
import java.util.random.RandomGenerator;

/** Draws what a scene needs from one random stream. */
record Dice(RandomGenerator random) {
  private static final int[] VIVID = {
    0xC8372D, 0xE0762C, 0xE8B83A, 0x6FA03C, 0x2F8A6B, 0x2F8FB3, 0x2E5FA8, 0x6A4A9C, 0xB8427A,
    0xD9D2C3, 0x8A4B32, 0x3A4654,
  };
  private static final int[] WOOD = {0xB07C48, 0x92623A, 0xC89E66, 0x7A5030, 0xC09878};

  /** Evenly in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Evenly in [0, bound). */
  int below(int bound) {
    return (int) (bound * random.nextDouble());
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A seed for a texture's noise. */
  int seed() {
    return random.nextInt();
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** One of some screen colours, a little varied. */
  Colour colour(int... screen) {
    return vary(Colour.hex(screen[below(screen.length)]), 0.15);
  }

  /** A saturated colour, as of paint or plastic. */
  Colour vivid() {
    return colour(VIVID);
  }

  Colour wood() {
    return colour(WOOD);
  }

  /** The colour with each channel scaled by up to ±{@code amount}. */
  Colour vary(Colour colour, double amount) {
    double brightness = between(1 - amount, 1 + amount);
    return new Colour(
        colour.r() * brightness * between(1 - amount / 2, 1 + amount / 2),
        colour.g() * brightness * between(1 - amount / 2, 1 + amount / 2),
        colour.b() * brightness * between(1 - amount / 2, 1 + amount / 2));
  }
}
