package org.longmae.jobs.bench;

/**
 * Speed of the way from shards to batches.
 *
 * @param compute backend, device, precision and threads of the training step
 * @param imageHeight of the images made, in pixels
 * @param imageWidth of the same
 * @param batch images a step
 * @param decodeThreads of the loader
 * @param pictures that the rates of one core are over
 * @param pictureBytes mean length of a stored picture
 * @param decodeImagesPerSecond decode, crop, resize, mirror, normalise: one core
 * @param decoderImagesPerSecond decoding whole pictures alone: one core
 * @param verifyImagesPerSecond verifying stored pictures, as sharding does it: one core
 * @param readImagesPerSecond shard files read and checked by their checksums, by the clock
 * @param readMebibytesPerSecond the same as bytes of pictures
 * @param pipelineImagesPerSecond what the loader gives with all its threads and nobody training
 * @param stepSeconds mean of a training step on these batches, waiting included
 * @param dataWaitShare of these, waiting for the loader, in [0, 1]
 * @param shardImagesPerSecond making shards: one core, the whole job by the clock; 0 if none were
 *     made
 */
public record DataBenchResult(
    String compute,
    int imageHeight,
    int imageWidth,
    int batch,
    int decodeThreads,
    int pictures,
    double pictureBytes,
    double decodeImagesPerSecond,
    double decoderImagesPerSecond,
    double verifyImagesPerSecond,
    double readImagesPerSecond,
    double readMebibytesPerSecond,
    double pipelineImagesPerSecond,
    double stepSeconds,
    double dataWaitShare,
    double shardImagesPerSecond) {
  /** The same with a rate of making shards. */
  public DataBenchResult withShardImagesPerSecond(double rate) {
    return new DataBenchResult(
        compute,
        imageHeight,
        imageWidth,
        batch,
        decodeThreads,
        pictures,
        pictureBytes,
        decodeImagesPerSecond,
        decoderImagesPerSecond,
        verifyImagesPerSecond,
        readImagesPerSecond,
        readMebibytesPerSecond,
        pipelineImagesPerSecond,
        stepSeconds,
        dataWaitShare,
        rate);
  }
}
