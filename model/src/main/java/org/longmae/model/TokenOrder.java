package org.longmae.model;

import java.util.Arrays;
import org.longmae.model.layer.Rows;

/**
 * Where the tokens of a batch come from and go to, worked out from the shuffles once a step.
 *
 * <pre>
 *   encoder tokens   [class, visible patches in shuffled order]         B·(K + 1) rows
 *   decoder tokens   [class, all patches in the grid's order]           B·(L + 1) rows
 *   masked           the hidden patches in shuffled order               B·(L − K) rows
 * </pre>
 *
 * @param images B
 * @param visible patch of each visible place, B·K
 * @param masked patch of each hidden place, B·(L − K)
 * @param encoderTokens encoder tokens from embedded patches, the class token where −1
 * @param encoderPositions row of the position table for each encoder token
 * @param decoderTokens decoder tokens from encoded ones, the mask token where −1
 * @param maskedTokens the decoder tokens of hidden patches
 * @param patchTokens the decoder tokens of all patches: all but the class tokens
 */
record TokenOrder(
    int images,
    int[] visible,
    int[] masked,
    Rows encoderTokens,
    int[] encoderPositions,
    Rows decoderTokens,
    Rows maskedTokens,
    Rows patchTokens) {

  /**
   * Works out the order.
   *
   * @param shuffles B permutations of L patches, one after the other
   * @throws IllegalArgumentException if one is not a permutation
   */
  static TokenOrder of(int images, int patches, int kept, int[] shuffles) {
    require(shuffles.length == (long) images * patches, "shuffles", images, patches, shuffles);
    int hidden = patches - kept;
    int[] visible = new int[images * kept];
    int[] masked = new int[images * hidden];
    int[] encoderTokens = new int[images * (kept + 1)];
    int[] encoderPositions = new int[images * (kept + 1)];
    int[] decoderTokens = new int[images * (patches + 1)];
    int[] maskedTokens = new int[images * hidden];
    int[] patchTokens = new int[images * patches];
    Arrays.fill(decoderTokens, Integer.MIN_VALUE);
    for (int image = 0; image < images; image++) {
      int encoderStart = image * (kept + 1);
      int decoderStart = image * (patches + 1);
      encoderTokens[encoderStart] = -1;
      decoderTokens[decoderStart] = encoderStart;
      for (int place = 0; place < patches; place++) {
        int patch = shuffles[image * patches + place];
        require(patch >= 0 && patch < patches, "shuffle", image, patches, shuffles);
        int token = decoderStart + 1 + patch;
        require(decoderTokens[token] == Integer.MIN_VALUE, "shuffle", image, patches, shuffles);
        patchTokens[image * patches + place] = decoderStart + 1 + place;
        if (place < kept) {
          visible[image * kept + place] = patch;
          encoderTokens[encoderStart + 1 + place] = image * kept + place;
          encoderPositions[encoderStart + 1 + place] = 1 + patch;
          decoderTokens[token] = encoderStart + 1 + place;
        } else {
          masked[image * hidden + place - kept] = patch;
          maskedTokens[image * hidden + place - kept] = token;
          decoderTokens[token] = -1;
        }
      }
    }
    return new TokenOrder(
        images,
        visible,
        masked,
        Rows.of(encoderTokens, images * kept),
        encoderPositions,
        Rows.of(decoderTokens, images * (kept + 1)),
        Rows.of(maskedTokens, images * (patches + 1)),
        Rows.of(patchTokens, images * (patches + 1)));
  }

  private static void require(boolean holds, String what, int image, int patches, int[] shuffles) {
    if (!holds) {
      throw new IllegalArgumentException(
          what.equals("shuffles")
              ? String.format(
                  "shuffles must have length [B=%s, L=%s] but had %s",
                  image, patches, shuffles.length)
              : String.format(
                  "shuffle of image %s must be a permutation of %s patches", image, patches));
    }
  }
}
