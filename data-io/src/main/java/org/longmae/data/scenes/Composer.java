package org.longmae.data.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides what stands where.
 *
 * <p>The main thing stands near the origin, about one unit tall, and the camera is placed so that
 * it fills half the picture or so; one to five others stand around it, most of them behind.
 */
final class Composer {
  private static final int MAX_OTHERS = 5;

  private final Dice dice;
  private final double widthInShortSides;
  private final boolean outdoors;
  private final SceneClass mainClass;
  private final Model mainModel;
  private final double mainHeight;
  private final Camera camera;

  private Composer(SceneClass mainClass, Dice dice, double aspect) {
    this.dice = dice;
    this.widthInShortSides = Math.max(1, aspect);
    this.mainClass = mainClass;
    this.mainModel = Models.of(mainClass, dice);
    // Slender things are built taller, so that they too fill a good part of the picture.
    this.mainHeight = Math.min(1.3, dice.between(0.9, 1.08) * (0.75 + mainModel.slenderness() / 6));
    this.outdoors = mainClass.foundOutdoors() && (!mainClass.foundIndoors() || dice.chance(0.6));
    this.camera =
        Camera.aimedAt(
            dice.between(0.4, 0.5) * mainHeight,
            dice.between(0.6, 1.25),
            dice.between(1.75, 2.4),
            0.38);
  }

  /**
   * A world drawn from one stream.
   *
   * @param mainClass what the main thing is
   * @param aspect width of the picture over its height
   */
  static World compose(SceneClass mainClass, Dice dice, double aspect) {
    return new Composer(mainClass, dice, aspect).world();
  }

  private World world() {
    Backdrops.Place place = outdoors ? Backdrops.outdoors(dice) : Backdrops.indoors(dice);
    List<Thing> things = new ArrayList<>();
    things.add(mainThing());
    int others = 1 + dice.below(MAX_OTHERS);
    for (int i = 0; i < others; i++) {
      addOther(things, place.backdrop());
    }
    return new World(camera, place.light(), place.backdrop(), place.ground(), things);
  }

  private Thing mainThing() {
    double x = dice.between(-0.22, 0.22) * widthInShortSides;
    return new Thing(mainClass, mainModel, x, 0, mainHeight, yaw());
  }

  /** Adds a thing where it fits; after some attempts in vain the scene does without it. */
  private void addOther(List<Thing> things, Backdrop backdrop) {
    SceneClass category = otherClass();
    Model model = Models.of(category, dice);
    for (int attempt = 0; attempt < 30; attempt++) {
      Thing thing = somewhere(category, model, things.get(0));
      boolean fits = !(backdrop instanceof Room room) || room.holds(thing);
      if (fits && things.stream().noneMatch(thing::touches)) {
        things.add(thing);
        return;
      }
    }
  }

  private Thing somewhere(SceneClass category, Model model, Thing main) {
    boolean before = dice.chance(0.25);
    double z = before ? dice.between(-0.8, -0.2) : dice.between(0.3, outdoors ? 4.5 : 2);
    double halfWidth = (camera.distance() + z) * camera.spread() * widthInShortSides;
    // Every third peeks out from behind the main thing or stands right beside it.
    boolean beside = !before && dice.chance(0.35);
    double side = dice.chance(0.5) ? 1 : -1;
    double x =
        beside
            ? main.x() * (1 + z / camera.distance()) + side * dice.between(0.35, 0.8)
            : dice.between(-0.95, 0.95) * halfWidth;
    double height = z < 0.8 ? dice.between(0.35, 0.62) : dice.between(0.45, 0.95);
    return new Thing(category, model, x, z, height, yaw());
  }

  private SceneClass otherClass() {
    SceneClass[] found =
        Arrays.stream(SceneClass.values())
            .filter(c -> outdoors ? c.foundOutdoors() : c.foundIndoors())
            .toArray(SceneClass[]::new);
    return found[dice.below(found.length)];
  }

  /** Fronts face the camera, more or less. */
  private double yaw() {
    return dice.between(-1.2, 1.2);
  }
}
