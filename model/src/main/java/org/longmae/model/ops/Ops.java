package org.longmae.model.ops;

/**
 * The arithmetic that the model is written over: pairs of a forward and its backward, coarse enough
 * for a backend to fuse, few enough to read in one sitting.
 *
 * <p>Activations are matrices: any leading axes (image, token) are flattened into rows R. Two
 * element types exist, see {@link Precision}: <em>state</em> for weights, moments, gradients,
 * statistics and the loss; <em>compute</em> for activations and the operands of matrix products.
 *
 * <p>What a method returns is new and belongs to the innermost {@link Scope}; arguments are not
 * changed, except those whose name begins with {@code into} and gradients of parameters ({@code
 * dW_OI}, {@code dB_O}, {@code dScale_D}, {@code dShift_D}), which are overwritten. An instance is
 * used by one thread at a time; results depend on the number of threads it computes with and on
 * nothing else.
 */
public interface Ops extends AutoCloseable {
  /** The element types. */
  Precision precision();

  /** Whether the state's type and the compute type are the same. */
  default boolean oneType() {
    return precision() != Precision.BF16;
  }

  /** Backend, device, precision and threads, for a log line. */
  String description();

  // Memory.

  /** Opens a scope, inside the current one if there is one. */
  Scope scope();

  /** Binds the calling thread to this backend's settings until closed; calls nest. */
  Scope session();

  /**
   * Waits until what was asked for is computed: a device may work behind the caller. Methods that
   * return numbers wait by themselves.
   */
  default void synchronize() {}

  /** Lets go of memory kept for reuse: called when sizes change. */
  void trim();

  /** Zeros of the state's type. */
  Tensor stateZeros(long... shape);

  /** Zeros of the compute type; the state's own tensor does as well where both types are equal. */
  Tensor computeZeros(long... shape);

  /** A contiguous part of a flat vector, sharing its elements and its life. */
  Tensor slice(Tensor flat, long offset, long... shape);

  /** A new tensor of the compute type from host values, row-major. */
  Tensor upload(float[] values, long... shape);

  /** A new tensor of the state's type from host values, row-major. */
  Tensor uploadState(float[] values, long... shape);

  /** All elements, row-major. */
  float[] download(Tensor tensor);

  /** All elements in full precision, row-major. */
  double[] downloadDoubles(Tensor tensor);

  /** Overwrites all elements, row-major, rounding to the tensor's type. */
  void set(Tensor into, double[] values);

  /** Copies elements [offset, offset + into.length) of a flat vector of the state's type out. */
  void read(Tensor flat, long offset, float[] into);

  /** Copies {@code from} over elements [offset, offset + from.length) of a flat state vector. */
  void write(Tensor intoFlat, long offset, float[] from);

  /** Sets all elements to zero. */
  void clear(Tensor into);

  /**
   * The same elements, row-major, in another shape: shares them, and lives no longer than the
   * tensor nor than the innermost scope.
   */
  Tensor reshape(Tensor tensor, long... shape);

  /**
   * A new tensor of the compute type whose axis i is the given one's axis {@code axes[i]}.
   *
   * @param tensor of the compute type
   */
  Tensor permute(Tensor tensor, int... axes);

  /** Copies elements from one tensor to another of the same length, converting their type. */
  void cast(Tensor from, Tensor into);

  // Linear: y = x Wᵀ + b. Backward: dx = dy W, dW = dyᵀ x, db = Σ_R dy.

  Tensor linear(Tensor x_RI, Tensor w_OI, Tensor b_O);

  Tensor linearInputGradient(Tensor dY_RO, Tensor w_OI);

  void linearWeightGradient(Tensor dY_RO, Tensor x_RI, Tensor dW_OI, Tensor dB_O);

  // Layer norm: y = γ (x − mean)/√(var + ε) + β, statistics over D in the state's type.

  /** What {@link #layerNorm} returns: the result, and the statistics, known to the backend. */
  interface Normalized {
    /** The result. */
    Tensor y_RD();
  }

  /** γ and β are of the state's type. */
  Normalized layerNorm(Tensor x_RD, Tensor scale_D, Tensor shift_D, double epsilon);

  Tensor layerNormBackward(
      Tensor dY_RD,
      Tensor x_RD,
      Normalized saved,
      Tensor scale_D,
      Tensor shift_D,
      Tensor dScale_D,
      Tensor dShift_D);

  // Attention: softmax(q kᵀ / √A) v for every image and head.

  /** What {@link #attention} returns: the result, and what backward needs, known to the backend. */
  interface Attended {
    /** The heads' results side by side, before the output projection. */
    Tensor context_RD();
  }

  /** What attention keeps for its backward. */
  enum Keep {
    /** Nothing: backward will not be called. */
    NOTHING,
    /** Queries, keys and values; probabilities are computed once more. */
    INPUTS,
    /** Probabilities as well, where the backend finds room for them. */
    PROBABILITIES
  }

  /**
   * Self-attention of each image's tokens.
   *
   * @param qkv_RP queries, keys and values side by side (P = 3·D), each with its heads side by
   *     side; rows are B images of T tokens. A backend may keep them instead of a copy: they must
   *     live, unchanged, as long as what is returned
   * @param keep what is kept for backward
   */
  Attended attention(Tensor qkv_RP, int images, int heads, Keep keep);

  Tensor attentionBackward(Tensor dContext_RD, Attended saved);

  // GELU, exact: x Φ(x) = x/2 (1 + erf(x/√2)).

  Tensor gelu(Tensor x_RF);

  Tensor geluBackward(Tensor dY_RF, Tensor x_RF);

  // Tokens. Moving rows is its own backward, with the inverse rows.

  /**
   * Row s of the result is row {@code rows[s]} of x, or {@code other} where {@code rows[s]} is -1.
   */
  Tensor gatherRows(Tensor x_RD, int[] rows, Tensor other_D);

  /** Like {@link #gatherRows(Tensor, int[], Tensor)} with zeros where {@code rows[s]} is -1. */
  Tensor gatherRows(Tensor x_RD, int[] rows);

  /** Sum of some rows, or of none (zero). */
  void sumRows(Tensor x_RD, int[] rows, Tensor intoSum_D);

  /** Adds, element by element; of flat vectors, also one of the compute type to a state's. */
  void add(Tensor intoSum_RD, Tensor x_RD);

  /** Adds row {@code r mod T} of a table to every row r. */
  void addTable(Tensor intoSum_RD, Tensor table_TD);

  // Squared error.

  /** What {@code squaredError} returns: each image's mean, and what backward needs. */
  record SquaredError(Tensor loss_B, Tensor error_RV) {}

  /**
   * Mean over each image's rows and values of (prediction − target)².
   *
   * @param target_RV of the state's type
   */
  SquaredError squaredError(Tensor prediction_RV, Tensor target_RV, int images);

  /**
   * Mean over each image's rows and values of w · (prediction − target)²: the weighted mean where
   * an image's weights have mean 1.
   *
   * @param target_RV of the state's type
   * @param weight_R1 w, of the state's type
   */
  SquaredError squaredError(Tensor prediction_RV, Tensor target_RV, Tensor weight_R1, int images);

  /**
   * Gradient of the mean over images: 2/(R·V) w (prediction − target).
   *
   * @param share what the mean counts for, where the images are a part of a batch; else 1
   */
  Tensor squaredErrorBackward(SquaredError saved, double share);

  // Classification, in fine-tuning.

  /** Each image's rows times the image's number: its own backward. */
  Tensor scaleImages(Tensor x_RD, float[] factor_B);

  /** Mean of each image's rows. */
  Tensor meanRows(Tensor x_RD, int images);

  /** What {@code crossEntropy} returns: each image's loss, and what backward needs. */
  record CrossEntropy(Tensor loss_B, Tensor slope_BG) {}

  /**
   * −Σ t · log softmax(z) of each image, in the state's type.
   *
   * @param target_BG t, of the state's type; an image whose targets are all zero counts for nothing
   */
  CrossEntropy crossEntropy(Tensor logits_BG, Tensor target_BG);

  /**
   * Gradient of the mean over images: (softmax(z) Σ t − t)/B.
   *
   * @param share as for {@link #squaredErrorBackward}
   */
  Tensor crossEntropyBackward(CrossEntropy saved, double share);

  // The optimiser, on flat vectors of the state's type.

  /**
   * Steps elements [from, to), and refreshes the same elements of the working copy.
   *
   * @param gradient of these elements only, of either type
   * @param intoWorking weights in the compute type; {@code intoParameters} itself where the types
   *     are equal
   */
  void adamW(
      AdamW settings,
      long from,
      long to,
      Tensor intoParameters,
      Tensor intoFirst,
      Tensor intoSecond,
      Tensor gradient,
      Tensor intoWorking);

  /**
   * Steps down the gradient, θ ← keep · θ − rate · g, and refreshes the same elements of the
   * working copy.
   *
   * @param from first element of the parameters
   * @param gradient of as many elements as are stepped, of either type
   * @param intoWorking as for {@link #adamW}
   */
  void descend(
      double keep,
      double rate,
      long from,
      Tensor intoParameters,
      Tensor gradient,
      Tensor intoWorking);

  /** Moves an average: a ← keep · a + (1 − keep) · x, on flat vectors of equal length. */
  void average(double keep, Tensor intoAverage, Tensor x);

  /** Σ x² of a flat vector of either type; not finite if any element is not. */
  double squaredNorm(Tensor flat);

  /**
   * Whether all elements of a flat vector of either type are finite; if not, or if sums of them or
   * of their squares overflow, false.
   */
  default boolean isFinite(Tensor flat) {
    return Double.isFinite(squaredNorm(flat));
  }

  @Override
  void close();
}
