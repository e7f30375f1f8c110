package org.longmae.data.scenes;

/**
 * A pattern on a surface.
 *
 * <p>Every pattern is told how much of the surface a pixel covers, and blurs or fades what is
 * finer: so it neither flickers nor aliases in the distance.
 */
sealed interface Texture {
  /**
   * Sets the colour at a place.
   *
   * @param footprint side of the square of surface that one pixel covers
   */
  void paint(double u, double v, double footprint, Rgb out);

  /** One colour. */
  record Plain(Colour colour) implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      out.set(colour);
    }
  }

  /** Two colours in soft patches: grass, snow, earth, plaster. */
  record Mottled(Colour one, Colour other, double size, int seed) implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      out.set(one);
      out.mix(other, Noise.cloudy(u / size, v / size, footprint / size, seed));
    }
  }

  /** Long soft waves that wander: sand, woven carpet. */
  record Ripples(Colour one, Colour other, double period, double wander, int seed)
      implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      double drift = wander * Noise.value(u / (4 * period), v / (4 * period), seed);
      double wave = Noise.wave(v / period + drift) - 0.5;
      out.set(one);
      out.mix(other, 0.5 + wave * Noise.detail(period, footprint));
    }
  }

  /**
   * Straight stripes across u.
   *
   * @param share the part of each period that {@code other} takes
   */
  record Stripes(Colour one, Colour other, double period, double share) implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      out.set(one);
      out.mix(other, line(u, period, share, footprint));
    }
  }

  /** As {@link Stripes}, across v. */
  record Bands(Colour one, Colour other, double period, double share) implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      out.set(one);
      out.mix(other, line(v, period, share, footprint));
    }
  }

  /** Tiles or bricks of two colours with joints; rows may be shifted against each other. */
  record Tiles(
      Colour one, Colour other, Colour joint, double width, double height, double shift, int seed)
      implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      double row = Math.floor(v / height);
      double across = u / width + shift * (((int) row & 1) == 0 ? 0 : 1);
      double column = Math.floor(across);
      double odd =
          seed == 0 ? ((int) row + (int) column & 1) : Noise.corner((int) column, (int) row, seed);
      double size = Math.min(width, height);
      out.set(one);
      out.mix(other, 0.5 + (odd - 0.5) * Noise.detail(size, footprint));
      double gap =
          Math.max(
              line(across * width, width, 0.07 * size / width, footprint),
              line(v, height, 0.07 * size / height, footprint));
      out.mix(joint, gap);
    }
  }

  /** Boards along v, each of its own tone, with gaps and a soft grain. */
  record Planks(Colour one, Colour other, double width, double length, int seed)
      implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      int board = (int) Math.floor(u / width);
      double along = v / length + 0.37 * board;
      int piece = (int) Math.floor(along);
      double fade = Noise.detail(width, footprint);
      double tone = Noise.corner(board, piece, seed) - 0.5;
      double grain = Noise.value(5 * u / width, 1.5 * v / length + 31 * board, seed) - 0.5;
      out.set(one);
      out.mix(other, 0.5 + fade * (0.8 * tone + 0.3 * grain));
      double gap =
          Math.max(
              line(u, width, 0.07, footprint),
              line(along * length, length, 0.05 * width / length, footprint));
      out.scale(1 - 0.6 * gap);
    }
  }

  /** Round dots on a square grid, every other row shifted by half. */
  record Dots(Colour one, Colour other, double period, double radius) implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      double row = Math.floor(v / period);
      double across = u / period + (((int) row & 1) == 0 ? 0 : 0.5);
      double x = (across - Math.floor(across) - 0.5) * period;
      double y = v - (row + 0.5) * period;
      double inside = 1 - Noise.step(radius, footprint + 0.02 * period, Math.sqrt(x * x + y * y));
      out.set(one);
      out.mix(other, inside);
    }
  }

  /** One pattern up to a height, another above, with a line between: skirting, panelling. */
  record Split(Texture below, Texture above, Colour rail, double height, double thickness)
      implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      (v < height ? below : above).paint(u, v, footprint, out);
      double off = Math.abs(v - height) - thickness / 2;
      out.mix(rail, 1 - Noise.step(0, footprint, off));
    }
  }

  /** A rectangle of one pattern inside another, with a border: a crate's side, a window. */
  record Framed(
      Texture inner,
      Texture outer,
      Colour frame,
      double u0,
      double v0,
      double u1,
      double v1,
      double border)
      implements Texture {
    @Override
    public void paint(double u, double v, double footprint, Rgb out) {
      // Distance to the rectangle's edge, positive outside.
      double off = Math.max(Math.max(u0 - u, u - u1), Math.max(v0 - v, v - v1));
      (off < 0 ? inner : outer).paint(u, v, footprint, out);
      out.mix(frame, 1 - Noise.step(border / 2, footprint, Math.abs(off)));
    }
  }

  /** How much a pixel sees of lines at whole periods that take {@code share} of each period. */
  private static double line(double x, double period, double share, double footprint) {
    double phase = x / period - Math.floor(x / period);
    double off = 0.5 - Math.abs(phase - 0.5);
    double soft = Math.max(footprint / period, 1e-9);
    double sharp = 1 - Noise.step(share / 2, soft, off);
    double fade = Noise.detail(period, footprint);
    return share + (sharp - share) * fade;
  }
}
