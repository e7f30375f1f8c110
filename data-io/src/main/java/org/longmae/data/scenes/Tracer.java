package org.longmae.data.scenes;

import java.util.List;

/**
 * Turns a world into pixels.
 *
 * <p>Two passes: one ray through each pixel's centre, which also decides whose pixel it is; then
 * four rays through each pixel whose neighbour shows another surface, another face or the other
 * side of a shadow's edge. Textures smooth themselves and need no second pass. Nothing is allocated
 * per pixel, so one tracer serves one thread.
 */
final class Tracer {
  private static final int GROUND = 3;
  private static final int WALL = 4;
  private static final int FIRST_THING = 5;

  /**
   * Where in a pixel the second pass looks: a turned square, which suits level and upright edges.
   */
  private static final double[] SAMPLES = {0.375, 0.125, 0.875, 0.375, 0.625, 0.875, 0.125, 0.625};

  private final Camera camera;
  private final Light light;
  private final Texture ground;
  private final Landscape landscape;
  private final Room room;
  private final Thing[] things;
  private final int width;
  private final int height;
  private final double pixel;

  /** Per thing, the rectangle of the picture outside which it cannot be seen: x0, y0, x1, y1. */
  private final double[] frames;

  private final Ray ray = new Ray();
  private final Ray shadow = new Ray();
  private final Rgb colour = new Rgb();
  private Ray candidate = new Ray();
  private Ray local = new Ray();
  private boolean sunlit;

  Tracer(World world, int width, int height) {
    this.camera = world.camera();
    this.light = world.light();
    this.ground = world.ground();
    this.landscape = world.backdrop() instanceof Landscape outdoors ? outdoors : null;
    this.room = world.backdrop() instanceof Room indoors ? indoors : null;
    this.things = world.things().toArray(Thing[]::new);
    this.width = width;
    this.height = height;
    this.pixel = camera.pixel(width, height);
    this.frames = frames(world.things());
  }

  private double[] frames(List<Thing> all) {
    double[] result = new double[4 * all.size()];
    for (int i = 0; i < all.size(); i++) {
      double x0 = width;
      double y0 = height;
      double x1 = 0;
      double y1 = 0;
      for (int corner = 0; corner < 8; corner++) {
        double[] point = all.get(i).corner(corner);
        boolean ahead = camera.depth(point) > 0.1;
        double[] seen = ahead ? camera.project(point, width, height) : new double[2];
        x0 = ahead ? Math.min(x0, seen[0]) : 0;
        y0 = ahead ? Math.min(y0, seen[1]) : 0;
        x1 = ahead ? Math.max(x1, seen[0]) : width;
        y1 = ahead ? Math.max(y1, seen[1]) : height;
      }
      System.arraycopy(new double[] {x0, y0, x1, y1}, 0, result, 4 * i, 4);
    }
    return result;
  }

  /**
   * Whose each pixel is: 0 for ground and backdrop, i + 1 for thing i.
   *
   * <p>Faster than {@link #render}, which finds the same owners.
   */
  int[] owners() {
    int[] owners = new int[width * height];
    for (int i = 0; i < owners.length; i++) {
      owners[i] = Math.max(0, see(i % width + 0.5, i / width + 0.5) - FIRST_THING + 1);
    }
    return owners;
  }

  /**
   * Renders the picture.
   *
   * @param rgb receives row-major interleaved RGB
   * @param owners receives whose each pixel is, as {@link #owners()} returns it
   */
  void render(byte[] rgb, int[] owners) {
    int[] surfaces = new int[width * height];
    for (int i = 0; i < surfaces.length; i++) {
      int owner = see(i % width + 0.5, i / width + 0.5);
      shade(owner);
      surfaces[i] = surface(owner);
      owners[i] = Math.max(0, owner - FIRST_THING + 1);
      store(rgb, i, colour);
    }
    Rgb sum = new Rgb();
    for (int i = 0; i < surfaces.length; i++) {
      if (onEdge(surfaces, i)) {
        sum.set(Colour.BLACK);
        for (int s = 0; s < SAMPLES.length; s += 2) {
          shade(see(i % width + SAMPLES[s], i / width + SAMPLES[s + 1]));
          sum.add(colour);
        }
        sum.scale(2.0 / SAMPLES.length);
        store(rgb, i, sum);
      }
    }
  }

  /** A number that differs between pixels with an edge between them. */
  private int surface(int owner) {
    boolean thing = owner >= FIRST_THING;
    int piece = thing ? ray.part * 8 + ray.face : ray.face;
    return (owner * 1024 + (owner < GROUND ? 0 : piece)) * 2 + (sunlit ? 1 : 0);
  }

  private boolean onEdge(int[] surfaces, int i) {
    int x = i % width;
    int own = surfaces[i];
    return x > 0 && surfaces[i - 1] != own
        || x < width - 1 && surfaces[i + 1] != own
        || i >= width && surfaces[i - width] != own
        || i < surfaces.length - width && surfaces[i + width] != own;
  }

  /** Follows the ray through a place in the picture; the nearest hit is left in {@code ray}. */
  private int see(double px, double py) {
    camera.aim(px, py, width, height, ray);
    int owner = 0;
    if (ray.dy < 0) {
      ray.meet(-ray.oy / ray.dy, 0, 0, 1, 0);
      owner = GROUND;
    }
    if (room != null && room.meet(ray)) {
      owner = WALL;
    }
    for (int i = 0; i < things.length; i++) {
      boolean near =
          px >= frames[4 * i]
              && py >= frames[4 * i + 1]
              && px <= frames[4 * i + 2]
              && py <= frames[4 * i + 3];
      if (near && things[i].meet(ray, candidate)) {
        things[i].leave(candidate, ray);
        Ray loser = local;
        local = candidate;
        candidate = loser;
        owner = FIRST_THING + i;
      }
    }
    return owner == 0 && landscape != null ? landscape.layer(ray) : owner;
  }

  /** Sets {@code colour} to what the last ray sees. */
  private void shade(int owner) {
    sunlit = false;
    if (owner < GROUND) {
      landscape.shade(ray, owner, light, colour);
      return;
    }
    double across = -(ray.nx * ray.dx + ray.ny * ray.dy + ray.nz * ray.dz);
    double footprint = ray.t * pixel / Math.sqrt(Math.max(0.02, across));
    double gloss = 0;
    double glow = 0;
    double open = 1;
    switch (owner) {
      case GROUND -> {
        ground.paint(ray.x(), ray.z(), footprint, colour);
        open = openness(ray.x(), ray.z());
      }
      case WALL -> room.shade(ray, footprint, colour);
      default -> {
        Thing thing = things[owner - FIRST_THING];
        Paint paint = thing.paint(ray.part);
        paint.shade(local, footprint / thing.scale(), colour);
        gloss = paint.gloss();
        glow = paint.glow();
        open = 0.6 + 0.4 * Noise.ease(ray.y() / 0.4);
      }
    }
    illuminate(gloss, glow, open);
    if (landscape != null) {
      landscape.fade(ray.t, colour);
    }
  }

  /** How much of the sky a place on the ground sees past the things that stand near it. */
  private double openness(double x, double z) {
    double open = 1;
    for (Thing thing : things) {
      double dx = x - thing.x();
      double dz = z - thing.z();
      double reach = 1.3 * thing.radius();
      double distance2 = (dx * dx + dz * dz) / (reach * reach);
      if (distance2 < 1) {
        open *= 1 - 0.45 * (1 - distance2) * (1 - distance2);
      }
    }
    return open;
  }

  /** Turns the surface's own colour into the light that leaves it towards the camera. */
  private void illuminate(double gloss, double glow, double open) {
    double facing = ray.nx * light.x() + ray.ny * light.y() + ray.nz * light.z();
    sunlit = facing > 0 && !shadowed();
    double sun = sunlit ? facing : 0;
    double up = 0.5 + 0.5 * ray.ny;
    Colour sunColour = light.sun();
    Colour above = light.above();
    Colour below = light.below();
    double down = 1 - up;
    double r = open * (above.r() * up + below.r() * down) + sun * sunColour.r() + glow;
    double g = open * (above.g() * up + below.g() * down) + sun * sunColour.g() + glow;
    double b = open * (above.b() * up + below.b() * down) + sun * sunColour.b() + glow;
    colour.r *= r;
    colour.g *= g;
    colour.b *= b;
    if (gloss > 0 && sunlit) {
      colour.add(sunColour, gloss * highlight());
    }
  }

  /** Blinn's highlight: the 32nd power of the cosine between normal and half-way direction. */
  private double highlight() {
    double hx = light.x() - ray.dx;
    double hy = light.y() - ray.dy;
    double hz = light.z() - ray.dz;
    double length = Math.sqrt(hx * hx + hy * hy + hz * hz);
    double cosine = Math.max(0, (hx * ray.nx + hy * ray.ny + hz * ray.nz) / length);
    double p2 = cosine * cosine;
    double p8 = p2 * p2 * p2 * p2;
    return 0.6 * p8 * p8 * p8 * p8;
  }

  private boolean shadowed() {
    // Starting a little off the surface keeps it from shading itself.
    double off = 2e-3;
    shadow.from(ray.x() + off * ray.nx, ray.y() + off * ray.ny, ray.z() + off * ray.nz);
    shadow.towards(light.x(), light.y(), light.z());
    for (Thing thing : things) {
      if (thing.blocks(shadow, candidate)) {
        return true;
      }
    }
    return false;
  }

  private static void store(byte[] rgb, int i, Rgb light) {
    rgb[3 * i] = screen(light.r);
    rgb[3 * i + 1] = screen(light.g);
    rgb[3 * i + 2] = screen(light.b);
  }

  /** Linear light to a screen's byte, with gamma 2 and bright light bent towards white. */
  private static byte screen(double linear) {
    double bent = linear < 0.6 ? linear : 0.6 + 0.4 * (1 - 1 / (1 + (linear - 0.6) / 0.4));
    return (byte) (255 * Math.sqrt(Math.max(0, bent)) + 0.5);
  }
}
