package org.longmae.data.scenes;

/** What stands in a scene; the order is the order of category ids. */
public enum SceneClass {
  /** A plain, striped, banded or dotted ball. */
  BALL("ball", "toy", Setting.ANYWHERE),
  /** A wooden barrel with hoops. */
  BARREL("barrel", "container", Setting.ANYWHERE),
  /** A glass bottle with a label. */
  BOTTLE("bottle", "container", Setting.INDOORS),
  /** A cactus with arms. */
  CACTUS("cactus", "plant", Setting.ANYWHERE),
  /** A car. */
  CAR("car", "vehicle", Setting.OUTDOORS),
  /** A chair. */
  CHAIR("chair", "furniture", Setting.INDOORS),
  /** A wooden crate. */
  CRATE("crate", "container", Setting.ANYWHERE),
  /** A duck. */
  DUCK("duck", "toy", Setting.ANYWHERE),
  /** A fir tree. */
  FIR("fir", "plant", Setting.OUTDOORS),
  /** A house with a gable roof. */
  HOUSE("house", "building", Setting.OUTDOORS),
  /** A lamp with a shade. */
  LAMP("lamp", "furniture", Setting.INDOORS),
  /** A mushroom with dots. */
  MUSHROOM("mushroom", "plant", Setting.OUTDOORS),
  /** A rocket with fins. */
  ROCKET("rocket", "vehicle", Setting.ANYWHERE),
  /** A snowman with a hat. */
  SNOWMAN("snowman", "toy", Setting.OUTDOORS),
  /** A table with four legs. */
  TABLE("table", "furniture", Setting.INDOORS),
  /** A striped traffic cone. */
  TRAFFIC_CONE("traffic cone", "marker", Setting.ANYWHERE);

  /** Where a class is found. */
  enum Setting {
    INDOORS,
    OUTDOORS,
    ANYWHERE
  }

  private final String label;
  private final String group;
  private final Setting setting;

  SceneClass(String label, String group, Setting setting) {
    this.label = label;
    this.group = group;
    this.setting = setting;
  }

  /** The class's name as people write it. */
  public String label() {
    return label;
  }

  /** The wider group it belongs to: COCO's super-category. */
  public String group() {
    return group;
  }

  /** The id in COCO's files, from 1. */
  public int categoryId() {
    return ordinal() + 1;
  }

  boolean foundIndoors() {
    return setting != Setting.OUTDOORS;
  }

  boolean foundOutdoors() {
    return setting != Setting.INDOORS;
  }
}
