package org.longmae.data.scenes;

import java.util.List;

/** Places for a scene: ground, backdrop and the light that goes with them. */
final class Backdrops {
  private Backdrops() {}

  /** Where a scene takes place. */
  record Place(Backdrop backdrop, Texture ground, Light light) {}

  /** Sky, hills and ground that belong together. */
  private enum Land {
    MEADOW,
    DESERT,
    SNOW,
    TOWN,
    AUTUMN
  }

  private record Sky(
      Colour zenith, Colour horizon, Colour glow, Colour cloud, Colour sun, Colour ambient) {}

  private static final List<Sky> SKIES =
      List.of(
          sky(0x3F78B8, 0xC4D8E6, 0xF4EDDC, 0xF6F6F4, 0xF2E6D0, 0xA8B8CC),
          sky(0x5A90C4, 0xD8E2E6, 0xF8F0DC, 0xF8F6F2, 0xF0E4CC, 0xACB8C8),
          sky(0x5A6EA0, 0xF0C8A0, 0xFAD490, 0xF0B8A0, 0xF4C890, 0x9C9CB8),
          sky(0x8A98A8, 0xD2D6D8, 0xDCDCD8, 0xE6E6E6, 0xB8B4AC, 0xC4C8CC),
          sky(0x4A5A90, 0xE8A8A0, 0xF4C0A0, 0xD89AA0, 0xE8B8A0, 0x9A94B4));

  private static Sky sky(int zenith, int horizon, int glow, int cloud, int sun, int ambient) {
    return new Sky(
        Colour.hex(zenith),
        Colour.hex(horizon),
        Colour.hex(glow),
        Colour.hex(cloud),
        Colour.hex(sun).times(0.95),
        Colour.hex(ambient));
  }

  static Place outdoors(Dice dice) {
    Sky sky = dice.oneOf(SKIES);
    Land land = dice.oneOf(List.of(Land.values()));
    Landscape landscape =
        new Landscape(
            dice.vary(sky.zenith(), 0.12),
            sky.horizon(),
            sky.glow(),
            sky.cloud(),
            dice.chance(0.25) ? 0 : dice.between(0.3, 0.65),
            hills(land, dice),
            dice.chance(0.15) ? 0 : dice.between(0.08, 0.26),
            dice.between(0.015, 0.045),
            dice.seed());
    Texture ground = land(land, dice);
    Light light =
        Light.from(
            dice.between(0.45, 0.85),
            side(dice),
            sky.sun(),
            sky.ambient().times(0.85),
            bounce(ground, sky));
    return new Place(landscape, ground, light);
  }

  /** Light that the ground throws back up. */
  private static Colour bounce(Texture ground, Sky sky) {
    Rgb average = new Rgb();
    ground.paint(0.5, 0.5, 10, average);
    Colour own = new Colour(average.r, average.g, average.b);
    return own.times(0.45).mix(sky.ambient().times(0.4), 0.5);
  }

  /** The lamp stands to the left or right, behind the camera rather than before it. */
  private static double side(Dice dice) {
    return dice.between(0.5, 1.5) * (dice.chance(0.5) ? 1 : -1);
  }

  private static Colour hills(Land land, Dice dice) {
    return switch (land) {
      case MEADOW -> dice.colour(0x4A7A50, 0x5A8A4A);
      case DESERT -> dice.colour(0xB08A60, 0xA0704A);
      case SNOW -> dice.colour(0x8AA0B8, 0x5A7A7A);
      case TOWN -> dice.colour(0x6A7A88, 0x5A7A5A);
      case AUTUMN -> dice.colour(0x9A6A3A, 0x8A7A3A);
    };
  }

  private static Texture land(Land land, Dice dice) {
    return switch (land) {
      case MEADOW ->
          patches(dice.colour(0x6A9A3F, 0x5A8E44), dice.colour(0x88AE50, 0x4A7A38), dice);
      case DESERT -> sand(dice);
      case SNOW -> patches(dice.colour(0xE6EBF0), dice.colour(0xC8D4E0), dice);
      case TOWN -> paving(dice);
      case AUTUMN ->
          patches(dice.colour(0xA88A48, 0x8A9048), dice.colour(0xB8783C, 0x7A6A38), dice);
    };
  }

  private static Texture patches(Colour one, Colour other, Dice dice) {
    return new Texture.Mottled(one, other, dice.between(0.45, 1), dice.seed());
  }

  private static Texture sand(Dice dice) {
    Colour sand = dice.colour(0xDDBD88, 0xD0A870, 0xE4CFA4);
    return new Texture.Ripples(
        sand, sand.times(0.76), dice.between(0.35, 0.6), dice.between(1.2, 2), dice.seed());
  }

  private static Texture paving(Dice dice) {
    Colour stone = dice.colour(0xA8A49C, 0x98958F, 0xB8A890, 0xA8806A);
    if (dice.chance(0.3)) {
      return patches(Colour.hex(0x6E7074), Colour.hex(0x84868A), dice);
    }
    double size = dice.between(0.35, 0.6);
    return new Texture.Tiles(
        stone, stone.times(0.82), stone.times(0.55), size * 1.5, size, 0.5, dice.seed() | 1);
  }

  static Place indoors(Dice dice) {
    double turn = dice.between(-0.55, 0.55);
    // The corner is seen on the side from which the wall ahead recedes.
    double side = dice.between(1.2, 2.6) * (turn > 0 ? 1 : -1);
    Colour paint =
        dice.colour(0xD8CDB8, 0xB8C4B8, 0xA8BCCB, 0xD8B8A0, 0xC8B8C8, 0xE0D8A8, 0x8AA09A, 0xB87A6A);
    Room room =
        new Room(
            wall(paint, dice),
            wall(paint, dice),
            StrictMath.cos(turn),
            StrictMath.sin(turn),
            dice.between(1.6, 3),
            side);
    Light light =
        Light.from(
            dice.between(0.5, 0.8),
            side(dice),
            Colour.hex(0xF4E6CC).times(dice.between(0.65, 0.95)),
            Colour.hex(0xD4D0C8).times(0.9),
            Colour.hex(0xB0A498).times(0.75));
    return new Place(room, floor(dice), light);
  }

  private static Texture floor(Dice dice) {
    return switch (dice.below(4)) {
      case 0, 1 -> {
        Colour wood = dice.wood();
        yield new Texture.Planks(wood, wood.times(0.72), dice.between(0.22, 0.4), 2.4, dice.seed());
      }
      case 2 -> {
        Colour light = dice.colour(0xE4DED2, 0xD8CDBB);
        Colour dark = dice.chance(0.5) ? light.times(0.8) : dice.vivid().mix(light, 0.35);
        double size = dice.between(0.35, 0.6);
        yield new Texture.Tiles(light, dark, light.times(0.6), size, size, 0, 0);
      }
      default -> {
        Colour wool = dice.vivid().mix(Colour.hex(0xB8A890), 0.3);
        yield new Texture.Bands(wool, wool.times(0.7), dice.between(0.4, 0.8), 0.4);
      }
    };
  }

  private static Texture wall(Colour paint, Dice dice) {
    Texture paper =
        switch (dice.below(4)) {
          case 0 -> new Texture.Stripes(paint, paint.times(0.85), dice.between(0.25, 0.5), 0.5);
          case 1 ->
              new Texture.Tiles(
                  paint, paint.times(0.85), paint.times(0.7), 0.5, 0.25, 0.5, dice.seed() | 1);
          default -> new Texture.Mottled(paint, paint.times(0.92), 1.5, dice.seed());
        };
    if (dice.chance(0.5)) {
      paper = withPainting(paper, dice);
    }
    Texture panel =
        new Texture.Plain(dice.chance(0.5) ? Colour.WHITE.times(0.8) : paint.times(0.6));
    double height = dice.chance(0.4) ? dice.between(0.4, 0.6) : 0.12;
    return new Texture.Split(panel, paper, Colour.WHITE.times(0.6), height, 0.03);
  }

  private static Texture withPainting(Texture paper, Dice dice) {
    double u = dice.between(-1, 0.2);
    double v = dice.between(0.75, 0.95);
    Texture canvas = new Texture.Mottled(dice.vivid(), dice.vivid(), 0.3, dice.seed());
    return new Texture.Framed(
        canvas,
        paper,
        dice.wood(),
        u,
        v,
        u + dice.between(0.5, 0.9),
        v + dice.between(0.4, 0.7),
        0.08);
  }
}
