package org.longmae.data.scenes;

/** Builds one thing of a class; no two are quite alike. */
final class Models {
  private Models() {}

  static Model of(SceneClass category, Dice dice) {
    return switch (category) {
      case BALL -> ToyModels.ball(dice);
      case BARREL -> HouseholdModels.barrel(dice);
      case BOTTLE -> HouseholdModels.bottle(dice);
      case CACTUS -> NatureModels.cactus(dice);
      case CAR -> BuiltModels.car(dice);
      case CHAIR -> HouseholdModels.chair(dice);
      case CRATE -> HouseholdModels.crate(dice);
      case DUCK -> ToyModels.duck(dice);
      case FIR -> NatureModels.fir(dice);
      case HOUSE -> BuiltModels.house(dice);
      case LAMP -> HouseholdModels.lamp(dice);
      case MUSHROOM -> NatureModels.mushroom(dice);
      case ROCKET -> BuiltModels.rocket(dice);
      case SNOWMAN -> ToyModels.snowman(dice);
      case TABLE -> HouseholdModels.table(dice);
      case TRAFFIC_CONE -> ToyModels.trafficCone(dice);
    };
  }
}
