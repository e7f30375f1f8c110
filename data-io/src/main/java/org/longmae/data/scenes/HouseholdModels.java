package org.longmae.data.scenes;

import org.longmae.data.scenes.Paint.Mapping;

/** Barrel, bottle, chair, crate, lamp, table. */
final class HouseholdModels {
  private static final double BARREL = 1.1;

  private HouseholdModels() {}

  static Model barrel(Dice dice) {
    Colour wood = dice.wood();
    Paint staves =
        Paint.of(new Texture.Stripes(wood, wood.times(0.45), 1.0 / 14, 0.18), Mapping.AROUND, 0.1);
    Paint iron = Paint.plain(dice.colour(0x4A4C50, 0x6A6458, 0x3A3A3C), 0.4);
    Paint lid =
        Paint.of(new Texture.Planks(wood, wood.times(0.7), 0.2, 3, dice.seed()), Mapping.TOP, 0.05);
    double belly = dice.between(0.46, 0.53);
    Model.Builder model = new Model.Builder();
    for (double y = 0; y < 1; y += 0.25) {
      model.column(staves, 0, y * BARREL, 0, bulge(y, belly), bulge(y + 0.25, belly), BARREL / 4);
    }
    for (double y : new double[] {0.05, 0.29, 0.61, 0.85}) {
      double foot = bulge(y, belly) + 0.012;
      double top = bulge(y + 0.1, belly) + 0.012;
      model.column(iron, 0, y * BARREL, 0, foot, top, 0.1 * BARREL);
    }
    return model.column(lid, 0, BARREL, 0, 0.34, 0.34, 0.01).build();
  }

  /** A barrel's radius at a share of its height. */
  private static double bulge(double share, double belly) {
    return 0.37 + (belly - 0.37) * 4 * share * (1 - share);
  }

  static Model bottle(Dice dice) {
    Paint glass = Paint.plain(dice.colour(0x2F6A46, 0x6A3F22, 0x3A6A8A, 0x8AA89A), 0.9);
    Paint label =
        Paint.of(
            new Texture.Bands(dice.colour(0xEEE4CC, 0xE8D8A8), dice.vivid(), 0.5, 0.25),
            Mapping.AROUND,
            0);
    Paint cap = Paint.plain(dice.vivid(), 0.4);
    double wide = dice.between(0.27, 0.34);
    double shoulder = dice.between(0.75, 0.95);
    return new Model.Builder()
        .column(glass, 0, 0, 0, wide, wide, shoulder)
        .column(label, 0, 0.22, 0, wide + 0.008, wide + 0.008, shoulder * 0.5)
        .column(glass, 0, shoulder, 0, wide, 0.11, 0.26)
        .column(glass, 0, shoulder + 0.26, 0, 0.11, 0.1, 0.3)
        .column(cap, 0, shoulder + 0.5, 0, 0.13, 0.13, 0.13)
        .build();
  }

  static Model chair(Dice dice) {
    Paint frame = Paint.plain(dice.chance(0.6) ? dice.wood() : dice.vivid(), 0.15);
    Paint seat = dice.chance(0.5) ? frame : Paint.plain(dice.vivid(), 0.05);
    double width = dice.between(0.62, 0.74);
    double foot = width / 2 - 0.05;
    double back = dice.between(1.25, 1.45);
    Model.Builder model =
        new Model.Builder()
            .box(seat, 0, 0.56, 0, width, 0.1, width)
            .box(frame, foot, 0, -foot, 0.1, 0.56, 0.1)
            .box(frame, -foot, 0, -foot, 0.1, 0.56, 0.1)
            .box(frame, foot, 0, foot, 0.1, back, 0.1)
            .box(frame, -foot, 0, foot, 0.1, back, 0.1);
    if (dice.chance(0.5)) {
      model
          .box(frame, 0, back - 0.2, foot, width - 0.1, 0.18, 0.07)
          .box(frame, 0, back - 0.48, foot, width - 0.1, 0.14, 0.07);
    } else {
      model.box(seat, 0, back - 0.5, foot, width - 0.1, 0.48, 0.08);
    }
    return model.build();
  }

  static Model crate(Dice dice) {
    Colour wood = dice.wood();
    Colour beam = wood.times(dice.between(0.5, 0.75));
    double half = 0.5;
    double height = dice.between(0.75, 1);
    Texture boards = new Texture.Planks(wood, wood.times(0.75), 0.25, 5, dice.seed());
    Texture side =
        new Texture.Framed(
            boards,
            new Texture.Plain(beam),
            beam.times(0.5),
            -0.37,
            0.13,
            0.37,
            height - 0.13,
            0.02);
    Paint paint = Paint.of(side, Mapping.FACE, 0.05);
    Paint edge = Paint.plain(beam, 0.05);
    return new Model.Builder()
        .box(paint, 0, 0, 0, 1, height, 1)
        .box(edge, -half, 0, -half, 0.1, height, 0.1)
        .box(edge, half, 0, -half, 0.1, height, 0.1)
        .box(edge, -half, 0, half, 0.1, height, 0.1)
        .box(edge, half, 0, half, 0.1, height, 0.1)
        .build();
  }

  static Model lamp(Dice dice) {
    Paint metal = Paint.plain(dice.colour(0x3A3A3E, 0xB08A4A, 0xD8D4CC, 0x8A5A3A), 0.5);
    Paint bulge = Paint.plain(dice.vivid(), 0.5);
    Paint shade =
        new Paint(
            new Texture.Plain(dice.colour(0xF2DDA8, 0xF4E6C8, 0xE8B880, 0xE0A0A0)),
            Mapping.TOP,
            0,
            0.75);
    double height = dice.between(0.9, 1.2);
    double wide = dice.between(0.38, 0.46);
    double top = dice.between(0.2, 0.3);
    Model.Builder model =
        new Model.Builder()
            .column(metal, 0, 0, 0, 0.28, 0.26, 0.06)
            .column(metal, 0, 0.06, 0, 0.045, 0.045, height)
            .column(shade, 0, height - 0.1, 0, wide, top, 0.5);
    if (dice.chance(0.6)) {
      model.ellipsoid(bulge, 0, 0.3, 0, 0.22, 0.28, 0.22);
    }
    return model.build();
  }

  static Model table(Dice dice) {
    Colour wood = dice.wood();
    Paint boards =
        Paint.of(
            new Texture.Planks(wood, wood.times(0.75), 0.24, 4, dice.seed()), Mapping.TOP, 0.2);
    Paint legs = Paint.plain(wood.times(0.7), 0.1);
    double width = dice.between(1.3, 1.6);
    double depth = dice.between(0.8, 1);
    double x = width / 2 - 0.12;
    double z = depth / 2 - 0.12;
    return new Model.Builder()
        .box(boards, 0, 0.78, 0, width, 0.1, depth)
        .box(legs, 0, 0.66, 0, width - 0.2, 0.12, depth - 0.2)
        .column(legs, x, 0, z, 0.055, 0.08, 0.78)
        .column(legs, -x, 0, z, 0.055, 0.08, 0.78)
        .column(legs, x, 0, -z, 0.055, 0.08, 0.78)
        .column(legs, -x, 0, -z, 0.055, 0.08, 0.78)
        .build();
  }
}
