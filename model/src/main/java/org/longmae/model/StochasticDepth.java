package org.longmae.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.longmae.model.layer.Paths;

/** Draws which branches each image of a batch passes by. */
public final class StochasticDepth {
  private StochasticDepth() {}

  /**
   * The paths of a batch through blocks whose rate grows evenly from 0 to {@code rate}; empty where
   * none is passed by.
   *
   * @param streams of each image, of which 2 · depth numbers are drawn
   */
  public static List<Paths> draw(int depth, double rate, List<RandomGenerator> streams) {
    List<Paths> paths = new ArrayList<>();
    for (int block = 0; rate > 0 && block < depth; block++) {
      paths.add(new Paths(new float[streams.size()], new float[streams.size()]));
    }
    for (int image = 0; image < streams.size(); image++) {
      for (int block = 0; block < paths.size(); block++) {
        double dropped = depth == 1 ? rate : rate * block / (depth - 1);
        RandomGenerator random = streams.get(image);
        paths.get(block).attention_B()[image] = factor(dropped, random);
        paths.get(block).mlp_B()[image] = factor(dropped, random);
      }
    }
    return paths;
  }

  private static float factor(double dropped, RandomGenerator random) {
    return random.nextDouble() < dropped ? 0 : (float) (1 / (1 - dropped));
  }
}
