package org.longmae.data.scenes;

import org.longmae.data.scenes.Paint.Mapping;

/** Cactus, fir, mushroom. */
final class NatureModels {
  private NatureModels() {}

  static Model cactus(Dice dice) {
    Colour green = dice.colour(0x4E8A46, 0x3F7A52, 0x6E9A4A);
    Paint skin = Paint.plain(green, 0.1);
    Paint ribbed =
        Paint.of(
            new Texture.Stripes(green.times(1.15), green.times(0.6), 1.0 / 10, 0.35),
            Mapping.AROUND,
            0.1);
    double height = dice.between(1.2, 1.5);
    double left = dice.between(0.4, 0.65);
    double right = dice.between(0.55, 0.8);
    Model.Builder model =
        new Model.Builder()
            .add(ribbed, new Capsule(0, 0.1, 0, 0, height - 0.2, 0, 0.22))
            .add(skin, new Capsule(0, left, 0, -0.48, left, 0, 0.12))
            .add(skin, new Capsule(-0.48, left, 0, -0.48, left + 0.4, 0, 0.12))
            .add(skin, new Capsule(0, right, 0, 0.46, right, 0, 0.11))
            .add(skin, new Capsule(0.46, right, 0, 0.46, right + 0.3, 0, 0.11));
    if (dice.chance(0.5)) {
      model.ball(Paint.plain(dice.colour(0xD84A7A, 0xE8C03A), 0.1), 0, height, 0, 0.1);
    }
    if (dice.chance(0.5)) {
      Paint clay = Paint.plain(dice.colour(0xB8653A, 0xA85A40, 0xC9B28A), 0.1);
      model.column(clay, 0, 0, 0, 0.27, 0.36, 0.34).column(clay, 0, 0.3, 0, 0.41, 0.41, 0.1);
    }
    return model.build();
  }

  static Model fir(Dice dice) {
    Colour green = dice.colour(0x2F6A3E, 0x3F7A3A, 0x2E5F4A, 0x55803A);
    Paint bark = Paint.plain(dice.colour(0x6A4A30, 0x7A5A3A), 0);
    int tiers = 3 + dice.below(2);
    double width = dice.between(0.48, 0.62);
    Model.Builder model = new Model.Builder().column(bark, 0, 0, 0, 0.12, 0.1, 0.4);
    for (int i = 0; i < tiers; i++) {
      double share = (double) i / tiers;
      double foot = 0.25 + 1.3 * share;
      double top = Math.min(1.75, foot + 0.75);
      // Lighter towards the top, so that the tiers stand out from each other.
      Paint needles = Paint.plain(green.times(0.7 + 0.6 * share), 0);
      model.column(needles, 0, foot, 0, width * (1 - 0.75 * share), 0.02, top - foot);
    }
    return model.build();
  }

  static Model mushroom(Dice dice) {
    Colour red = dice.colour(0xC0302A, 0xC8562A, 0x9A5A34, 0xB83A5A);
    Paint stem = Paint.plain(dice.vary(Colour.hex(0xEFE6D2), 0.08), 0.05);
    Paint gills = Paint.plain(Colour.hex(0xD9C7A4), 0);
    Paint cap =
        Paint.of(
            new Texture.Dots(red, Colour.hex(0xF4EDE0), dice.between(0.55, 0.75), 0.16),
            Mapping.DOME,
            0.4);
    double width = dice.between(0.55, 0.72);
    double dome = dice.between(0.42, 0.55);
    double height = dice.between(0.5, 0.75);
    return new Model.Builder()
        .column(stem, 0, 0, 0, 0.25, 0.17, height)
        .ellipsoid(stem, 0, 0.06, 0, 0.28, 0.12, 0.28)
        .column(gills, 0, height - 0.1, 0, 0.22, width * 0.94, 0.1)
        .add(cap, new Dome(0, height, 0, width, dome, width))
        .build();
  }
}
