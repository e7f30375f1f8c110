package org.longmae.data.scenes;

import org.longmae.data.scenes.Paint.Mapping;

/** Car, house, rocket. */
final class BuiltModels {
  private static final Paint GLASS = Paint.plain(Colour.hex(0x3E5566), 0.9);

  private BuiltModels() {}

  static Model car(Dice dice) {
    Paint body = Paint.plain(dice.vivid(), 0.6);
    Paint tyre = Paint.plain(Colour.hex(0x26262A), 0.1);
    Paint hub = Paint.plain(Colour.hex(0xB8BAC0), 0.5);
    Paint front = new Paint(new Texture.Plain(Colour.hex(0xF6EAC0)), Mapping.TOP, 0.5, 0.3);
    Paint rear = Paint.plain(Colour.hex(0xB02A24), 0.5);
    double cabin = dice.between(-0.02, 0.16);
    double roof = dice.between(0.42, 0.52);
    double length = dice.between(0.95, 1.1);
    Model.Builder model =
        new Model.Builder()
            .add(body, Convex.tapered(0, 0.2, 0, 2 * length, 0.9, 2 * length - 0.12, 0.84, 0.42))
            .add(GLASS, Convex.tapered(cabin, 0.62, 0, 1.25, 0.8, 0.7, 0.62, roof - 0.06))
            .box(body, cabin, 0.55 + roof, 0, 0.72, 0.06, 0.64)
            .add(body, Convex.tapered(cabin, 0.62, 0, 0.12, 0.83, 0.1, 0.64, roof - 0.04));
    for (double x : new double[] {-0.62, 0.62}) {
      for (double side : new double[] {-1, 1}) {
        model
            .add(tyre, new Frustum(x, 0.23, side * 0.3, x, 0.23, side * 0.48, 0.23, 0.23))
            .add(hub, new Frustum(x, 0.23, side * 0.4, x, 0.23, side * 0.49, 0.12, 0.12));
      }
    }
    for (double z : new double[] {-0.3, 0.3}) {
      model.ball(front, length - 0.06, 0.46, z, 0.09).ball(rear, 0.06 - length, 0.46, z, 0.08);
    }
    return model.build();
  }

  static Model house(Dice dice) {
    Colour wall = dice.colour(0xE8DCC0, 0xF0EBE0, 0xC9A07A, 0xB86A50, 0xA8B8C0, 0xE0C070);
    Paint walls = Paint.plain(wall, 0);
    Paint trim = Paint.plain(Colour.hex(0xF2EEE4), 0.05);
    Paint door = Paint.plain(dice.vivid().times(0.7), 0.1);
    Colour tile = dice.colour(0xA8442E, 0x8A3A34, 0x5A5048, 0x4A5A6A, 0xB8643A);
    Paint roof = Paint.of(new Texture.Bands(tile, tile.times(0.65), 0.13, 0.3), Mapping.FACE, 0.05);
    double width = dice.between(1.1, 1.5);
    double high = dice.between(0.6, 0.8);
    double gable = dice.between(0.5, 0.7);
    double depth = 1;
    double shift = dice.between(-0.08, 0.08) * width;
    double wing = width * 0.31;
    double top = high * 0.45;
    Model.Builder model =
        new Model.Builder()
            .box(walls, 0, 0, 0, width, high, depth)
            // The ridge runs along x, so the front shows the roof and the sides show the gables.
            .add(roof, Convex.tapered(0, high, 0, width + 0.2, depth + 0.3, width + 0.1, 0, gable))
            .box(door, shift, 0, -depth / 2, 0.24, high * 0.68, 0.04)
            .box(trim, shift + wing, top, -depth / 2, 0.3, 0.26, 0.03)
            .box(GLASS, shift + wing, top + 0.03, -depth / 2, 0.24, 0.2, 0.05)
            .box(trim, shift - wing, top, -depth / 2, 0.3, 0.26, 0.03)
            .box(GLASS, shift - wing, top + 0.03, -depth / 2, 0.24, 0.2, 0.05);
    for (double side : new double[] {-1, 1}) {
      model
          .box(trim, side * width / 2, top, 0, 0.03, 0.26, 0.34)
          .box(GLASS, side * width / 2, top + 0.03, 0, 0.05, 0.2, 0.28);
    }
    if (dice.chance(0.7)) {
      Paint brick = Paint.plain(Colour.hex(0x8A4A3A), 0);
      model.box(brick, width * 0.27, high, 0.12, 0.18, gable + 0.12, 0.18);
    }
    return model.build();
  }

  static Model rocket(Dice dice) {
    Colour hull = dice.colour(0xE8E6E0, 0xC8CCD0, 0xE8E6E0, 0xE0C8A0);
    Colour accent = dice.colour(0xC8372D, 0x2E5FA8, 0xE0762C, 0x2F8A6B);
    Paint body = Paint.plain(hull, 0.5);
    Paint nose = Paint.plain(accent, 0.5);
    Paint nozzle = Paint.plain(Colour.hex(0x3A3A3E), 0.3);
    Paint frame = Paint.plain(accent.times(0.6), 0.4);
    double wide = dice.between(0.23, 0.3);
    double tall = dice.between(1.0, 1.3);
    double window = 0.3 + tall * 0.62;
    Model.Builder model =
        new Model.Builder()
            .column(nozzle, 0, 0, 0, wide * 0.8, wide * 0.5, 0.3)
            .column(body, 0, 0.25, 0, wide * 0.8, wide, 0.35)
            .column(body, 0, 0.6, 0, wide, wide, tall - 0.35)
            .column(nose, 0, tall + 0.25, 0, wide, 0.02, 0.5)
            .column(nose, 0, 0.62, 0, wide + 0.008, wide + 0.008, 0.1)
            .add(frame, new Frustum(0, window, 0, 0, window, -wide - 0.02, 0.13, 0.13))
            .add(GLASS, new Frustum(0, window, 0, 0, window, -wide - 0.04, 0.09, 0.09));
    int fins = 3 + dice.below(2);
    for (int i = 0; i < fins; i++) {
      double turn = 2 * Math.PI * (i + 0.25) / fins;
      double ux = StrictMath.cos(turn);
      double uz = StrictMath.sin(turn);
      model.add(nose, Convex.fin(ux, uz, wide * 0.6, wide + 0.34, 0, 0.75, 0.06));
    }
    return model.build();
  }
}
