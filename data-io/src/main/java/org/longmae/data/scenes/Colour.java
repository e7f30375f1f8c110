package org.longmae.data.scenes;

/** A colour in linear light; channels may exceed 1 where something is bright. */
record Colour(double r, double g, double b) {
  static final Colour BLACK = new Colour(0, 0, 0);
  static final Colour WHITE = hex(0xF4F2EC);

  /** The colour as one writes it for a screen, with gamma 2. */
  static Colour hex(int rgb) {
    return new Colour(
        channel((rgb >> 16 & 0xFF) / 255.0),
        channel((rgb >> 8 & 0xFF) / 255.0),
        channel((rgb & 0xFF) / 255.0));
  }

  private static double channel(double screen) {
    return screen * screen;
  }

  Colour times(double factor) {
    return new Colour(r * factor, g * factor, b * factor);
  }

  Colour times(Colour other) {
    return new Colour(r * other.r, g * other.g, b * other.b);
  }

  Colour mix(Colour other, double share) {
    return new Colour(
        r + (other.r - r) * share, g + (other.g - g) * share, b + (other.b - b) * share);
  }
}
