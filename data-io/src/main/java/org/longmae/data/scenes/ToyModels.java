package org.longmae.data.scenes;

import org.longmae.data.scenes.Paint.Mapping;

/** Ball, duck, snowman, traffic cone. */
final class ToyModels {
  private static final Paint COAL = Paint.plain(Colour.hex(0x2A2624), 0.2);

  private ToyModels() {}

  static Model ball(Dice dice) {
    Colour one = dice.vivid();
    Colour other = dice.chance(0.5) ? Colour.WHITE : dice.vivid();
    Texture texture =
        switch (dice.below(4)) {
          case 0 -> new Texture.Stripes(one, other, 1.0 / 3, 0.5);
          case 1 -> new Texture.Stripes(one, other, 1.0 / 4, 0.4);
          case 2 -> new Texture.Bands(one, other, 1, 0.3);
          default -> new Texture.Plain(one);
        };
    // Bands lie at whole heights, so the ball is built around y = 1.
    Paint paint = Paint.of(texture, Mapping.AROUND, 0.5);
    return new Model.Builder().ball(paint, 0, 1, 0, 1).build();
  }

  static Model duck(Dice dice) {
    Paint feathers = Paint.plain(dice.colour(0xF2C530, 0xF4EFE2, 0x8A6A45, 0xF2C530), 0.25);
    Paint wing = Paint.plain(dice.colour(0xE0A828, 0xD8D0BC, 0x5E8A50), 0.15);
    Paint beak = Paint.plain(dice.colour(0xE8842A, 0xE06A2A), 0.3);
    double fat = dice.between(0.36, 0.44);
    return new Model.Builder()
        .ellipsoid(feathers, 0, 0.4, 0.05, fat, 0.4, 0.58)
        .ellipsoid(feathers, 0, 0.62, 0.55, 0.14, 0.2, 0.24)
        .ellipsoid(feathers, 0, 0.68, -0.34, 0.17, 0.3, 0.17)
        .ball(feathers, 0, 0.98, -0.4, 0.29)
        .ellipsoid(beak, 0, 0.93, -0.7, 0.15, 0.06, 0.17)
        .ball(COAL, 0.15, 1.08, -0.62, 0.05)
        .ball(COAL, -0.15, 1.08, -0.62, 0.05)
        .ellipsoid(wing, fat * 0.88, 0.5, 0.15, 0.09, 0.2, 0.34)
        .ellipsoid(wing, -fat * 0.88, 0.5, 0.15, 0.09, 0.2, 0.34)
        .build();
  }

  static Model snowman(Dice dice) {
    Paint snow = Paint.plain(Colour.hex(0xF0F3F6), 0.1);
    Paint carrot = Paint.plain(Colour.hex(0xE07A28), 0.1);
    Paint hat = Paint.plain(dice.colour(0x2B2A2E, 0x2B2A2E, 0x6A2F2A, 0x2D3F66), 0.15);
    Paint scarf = Paint.plain(dice.vivid(), 0);
    Paint stick = Paint.plain(Colour.hex(0x5E4028), 0);
    double belly = dice.between(0.44, 0.5);
    Model.Builder model =
        new Model.Builder()
            .ball(snow, 0, belly * 0.95, 0, belly)
            .ball(snow, 0, 1.14, 0, 0.34)
            .ball(snow, 0, 1.62, 0, 0.25)
            .ellipsoid(scarf, 0, 1.42, 0, 0.27, 0.08, 0.27)
            .add(carrot, new Frustum(0, 1.6, -0.2, 0, 1.57, -0.52, 0.06, 0.01))
            .ball(COAL, 0.09, 1.7, -0.22, 0.035)
            .ball(COAL, -0.09, 1.7, -0.22, 0.035)
            .ball(COAL, 0, 1.25, -0.32, 0.045)
            .ball(COAL, 0, 1.08, -0.34, 0.045)
            .add(stick, new Capsule(0.28, 1.18, 0, 0.72, 1.45, -0.08, 0.03))
            .add(stick, new Capsule(-0.28, 1.18, 0, -0.72, 1.4, -0.08, 0.03));
    if (dice.chance(0.8)) {
      model.column(hat, 0, 1.79, 0, 0.3, 0.3, 0.05).column(hat, 0, 1.84, 0, 0.19, 0.2, 0.3);
    }
    return model.build();
  }

  static Model trafficCone(Dice dice) {
    Colour orange = dice.colour(0xE8622A, 0xE8622A, 0xE03A2A, 0xE8B02A);
    Paint foot = Paint.plain(dice.chance(0.5) ? orange : Colour.hex(0x33363A), 0.1);
    Paint body = Paint.plain(orange, 0.3);
    Paint white = Paint.plain(Colour.WHITE, 0.3);
    return new Model.Builder()
        .box(foot, 0, 0, 0, 0.84, 0.08, 0.84)
        .column(body, 0, 0.08, 0, 0.33, 0.24, 0.28)
        .column(white, 0, 0.36, 0, 0.24, 0.18, 0.2)
        .column(body, 0, 0.56, 0, 0.18, 0.125, 0.18)
        .column(white, 0, 0.74, 0, 0.125, 0.09, 0.12)
        .column(body, 0, 0.86, 0, 0.09, 0.05, 0.14)
        .build();
  }
}
