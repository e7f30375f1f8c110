/**
 * The method: masking, the masked autoencoder, its loss and optimiser. Knows no Spark, no files, no
 * clock and no randomness but what it is given.
 *
 * <p>Start reading at {@link org.longmae.model.MaeEngine}, one replica to train; then {@code
 * MaskedAutoencoder}, the model in the paper's order; {@code layer}, forward beside backward;
 * {@code Classifier}, what fine-tuning makes of its encoder; {@link org.longmae.model.ops.Ops}, the
 * arithmetic that two backends provide.
 *
 * <p>A tensor wears its shape: an underscore and a letter an axis, slowest first. Images on the
 * Java side are flat {@code float[]} with the same suffixes.
 *
 * <pre>
 *   B images             C channels          H, W pixels
 *   L patches an image   K visible patches   T tokens (K + 1 or L + 1 with the class token)
 *   D encoder width      E decoder width     V values a patch (p·p·C)
 *   N heads              A head size         F width inside the MLP
 *   R rows (any leading axes flattened)      S other rows      I, O in and out
 *   P several rows side by side, as q, k, v  M tokens of a cell of the decoder's coarser grid
 *   G classes of a classifier                1 an axis kept after a reduction
 * </pre>
 *
 * <p>A gradient has the type of its subject and its name behind a {@code d}: {@code dX_RD}.
 */
package org.longmae.model;
