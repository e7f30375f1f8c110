package org.longmae.data.scenes;

/** A colour under construction, in linear light; mutable, reused for every pixel. */
final class Rgb {
  double r;
  double g;
  double b;

  void set(Colour colour) {
    r = colour.r();
    g = colour.g();
    b = colour.b();
  }

  /** Moves {@code share} of the way to another colour. */
  void mix(Colour colour, double share) {
    r += (colour.r() - r) * share;
    g += (colour.g() - g) * share;
    b += (colour.b() - b) * share;
  }

  void add(Colour colour, double amount) {
    r += colour.r() * amount;
    g += colour.g() * amount;
    b += colour.b() * amount;
  }

  void add(Rgb other) {
    r += other.r;
    g += other.g;
    b += other.b;
  }

  void scale(double factor) {
    r *= factor;
    g *= factor;
    b *= factor;
  }
}
