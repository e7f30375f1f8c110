package org.longmae.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Learning rates that fall from the encoder's last layer to its first, so that fine-tuning moves
 * the general features of low layers least.
 *
 * <pre>
 *   rate · decay^(depth + 1 − id)     id 0        patch embedding, class token
 *                                     id i + 1    block i
 *                                     id depth+1  all else: final norm, decoder, mask token
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/2003.10555">Clark et al.: ELECTRA (2020)</a>, for the method;
 *     <a href="https://arxiv.org/abs/2111.06377">He et al. (2021)</a>, appendix A.1, for the values
 */
public final class LayerDecay {
  private static final String BLOCK = "blocks.";

  private LayerDecay() {}

  /**
   * What a parameter's learning rate is multiplied by.
   *
   * @param name in the state dict
   * @param depth blocks of the encoder
   */
  public static double scale(String name, int depth, double decay) {
    return Math.pow(decay, depth + 1 - id(name, depth));
  }

  private static int id(String name, int depth) {
    if (name.equals("cls_token") || name.equals("pos_embed") || name.startsWith("patch_embed.")) {
      return 0;
    }
    if (name.startsWith(BLOCK)) {
      return 1
          + Integer.parseInt(name.substring(BLOCK.length(), name.indexOf('.', BLOCK.length())));
    }
    return depth + 1;
  }

  /**
   * Elements of the flat vector that the optimiser treats alike.
   *
   * @param from first element
   * @param to one behind the last
   * @param scale of the learning rate
   * @param decayed whether weight decay applies
   */
  record Run(long from, long to, double scale, boolean decayed) {}

  /** The vector in as few runs as there can be: two, if all layers learn at one rate. */
  static List<Run> runs(ParameterLayout layout, int depth, double decay) {
    List<Run> runs = new ArrayList<>();
    for (ParameterLayout.Entry entry : layout.entries()) {
      double scale = scale(entry.name(), depth, decay);
      Run run = new Run(entry.offset(), entry.offset() + entry.length(), scale, entry.decayed());
      int last = runs.size() - 1;
      if (last >= 0 && alike(runs.get(last), run)) {
        runs.set(last, new Run(runs.get(last).from(), run.to(), scale, run.decayed()));
      } else {
        runs.add(run);
      }
    }
    return runs;
  }

  /** The same, with none that goes beyond {@code at}. */
  static List<Run> cut(List<Run> runs, long at) {
    List<Run> cut = new ArrayList<>();
    for (Run run : runs) {
      if (run.from() < at && at < run.to()) {
        cut.add(new Run(run.from(), at, run.scale(), run.decayed()));
        cut.add(new Run(at, run.to(), run.scale(), run.decayed()));
      } else {
        cut.add(run);
      }
    }
    return cut;
  }

  private static boolean alike(Run one, Run other) {
    return one.scale() == other.scale() && one.decayed() == other.decayed();
  }
}
