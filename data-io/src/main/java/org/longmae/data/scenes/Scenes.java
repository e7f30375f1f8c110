package org.longmae.data.scenes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.longmae.conf.Randomness;
import org.longmae.conf.Randomness.Purpose;
import org.longmae.data.image.Picture;

/**
 * Renders scenes: pure functions of seed, index and size.
 *
 * <p>A composition in which something else takes nearly as much of the picture as the main thing is
 * drawn anew, so that every picture has one clear class; so is one without anything else in it.
 */
public final class Scenes {
  /** Things with fewer visible pixels than this are not listed. */
  public static final int MIN_AREA = 12;

  private static final int MAX_ATTEMPTS = 24;
  private static final int DRAFT_HEIGHT = 48;

  /** The main thing covers this much more than any other, and this share of the picture. */
  private static final double CLEARLY_LARGER = 1.6;

  private static final double MIN_SHARE = 0.07;

  /** And some other thing covers at least this share, or the picture would be of one thing only. */
  private static final double MIN_OTHER_SHARE = 0.01;

  private Scenes() {}

  /**
   * Renders one picture.
   *
   * @param randomness gives the stream of this picture, whatever else is drawn
   * @param index number of the picture, from 0
   * @param width in pixels
   * @param height in pixels
   */
  public static Scene render(Randomness randomness, long index, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A picture must be at least 1×1 but was " + width + "×" + height);
    }
    World world = clearWorld(randomness, index, (double) width / height);
    byte[] rgb = new byte[3 * width * height];
    int[] owners = new int[width * height];
    new Tracer(world, width, height).render(rgb, owners);
    return new Scene(new Picture(width, height, rgb), objects(world, owners, width, height));
  }

  private static World clearWorld(Randomness randomness, long index, double aspect) {
    // The class is drawn before all attempts: what composes badly is not rarer for it.
    SceneClass mainClass =
        new Dice(randomness.stream(Purpose.SCENE, 0, index)).oneOf(List.of(SceneClass.values()));
    World world = null;
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      Dice dice = new Dice(randomness.stream(Purpose.SCENE, attempt, index));
      world = Composer.compose(mainClass, dice, aspect);
      if (isClear(world, aspect)) {
        return world;
      }
    }
    // Rare: then the last main thing stands alone.
    return new World(
        world.camera(),
        world.light(),
        world.backdrop(),
        world.ground(),
        world.things().subList(0, 1));
  }

  /** Looks at a small draft, whose size depends on the aspect alone: so does the composition. */
  private static boolean isClear(World world, double aspect) {
    int width = (int) Math.max(1, Math.round(DRAFT_HEIGHT * aspect));
    int[] areas = new int[world.things().size() + 1];
    for (int owner : new Tracer(world, width, DRAFT_HEIGHT).owners()) {
      areas[owner]++;
    }
    int largestOther = 0;
    for (int i = 2; i < areas.length; i++) {
      largestOther = Math.max(largestOther, areas[i]);
    }
    return areas[1] >= CLEARLY_LARGER * largestOther
        && areas[1] >= MIN_SHARE * width * DRAFT_HEIGHT
        && largestOther >= MIN_OTHER_SHARE * width * DRAFT_HEIGHT;
  }

  private static List<SceneObject> objects(World world, int[] owners, int width, int height) {
    List<SceneObject> objects = new ArrayList<>();
    for (int i = 0; i < world.things().size(); i++) {
      Mask mask = Mask.of(owners, width, height, i + 1);
      if (mask.area() >= MIN_AREA) {
        objects.add(
            new SceneObject(
                world.things().get(i).category(),
                mask.x(),
                mask.y(),
                mask.width(),
                mask.height(),
                mask.area(),
                Contours.trace(mask)));
      }
    }
    objects.sort(Comparator.comparingInt(SceneObject::area).reversed());
    return objects;
  }
}
