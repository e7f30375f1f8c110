package org.longmae.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.DataConfig;
import org.longmae.conf.ImageConfig;
import org.longmae.conf.ImageSize;
import org.longmae.conf.Randomness;
import org.longmae.conf.RunConfig;
import org.longmae.data.shard.BuildWatch;
import org.longmae.data.shard.ShardBuilder;
import org.longmae.data.shard.ShardManifest;
import org.longmae.data.shard.ShardOrigin;
import org.longmae.data.shard.ShardOutcome;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;
import org.longmae.data.shard.UnfinishedSet;
import org.longmae.data.source.PictureSource;
import org.longmae.data.source.SourceListing;
import org.longmae.data.source.SourceSettings;
import org.longmae.data.source.Workspace;

/** Shard sets and configurations for tests. */
public final class TestShards {
  private TestShards() {}

  /** Makes shards of all pictures below a folder, as the sharding job does. */
  public static ShardManifest build(FileSystem fs, Path source, Path shards, double heldOut)
      throws IOException {
    return build(fs, source, SourceSettings.DEFAULT, shards, heldOut);
  }

  /** The same of a source that is read otherwise. */
  public static ShardManifest build(
      FileSystem fs, Path source, SourceSettings settings, Path shards, double heldOut)
      throws IOException {
    SourceListing listing = list(fs, source, settings, shards);
    return build(fs, source, shards, listing, data(heldOut), BuildWatch.NONE);
  }

  /** Lists a source for a shard set. */
  public static SourceListing list(FileSystem fs, Path source, SourceSettings settings, Path shards)
      throws IOException {
    return PictureSource.at(fs, source, settings)
        .list(new Workspace(fs, UnfinishedSet.workspace(shards)));
  }

  /** The same with other settings, watched; pictures may be unreadable. */
  public static ShardManifest build(
      FileSystem fs,
      Path source,
      Path shards,
      SourceListing listing,
      DataConfig data,
      BuildWatch watch)
      throws IOException {
    List<ShardResult> results = new ArrayList<>();
    for (ShardPlan plan : ShardPlan.of(listing, data, new Randomness(7), 1)) {
      ShardOutcome outcome =
          ShardBuilder.build(fs, shards, plan, data, listing.entries().size(), watch);
      results.add((ShardResult) outcome);
    }
    ShardManifest manifest =
        ShardManifest.of(
            new ShardOrigin("test", source.toString(), new TreeMap<>()),
            listing.classNames(),
            results,
            0,
            listing.leftOut().size());
    manifest.write(fs, shards);
    UnfinishedSet.in(fs, shards).forget();
    return ShardManifest.read(fs, shards);
  }

  /** Makes shards of {@code n} small JPEGs in two classes. */
  public static ShardManifest small(FileSystem fs, Path root, int n, double heldOut)
      throws IOException {
    for (int i = 0; i < n; i++) {
      String name = "source/%s/%04d.jpg".formatted(i % 2 == 0 ? "even" : "odd", i);
      Path file = new Path(root, name);
      TestPictures.writeFast(fs, file, TestPictures.jpeg(i));
    }
    return build(fs, new Path(root, "source"), new Path(root, "shards"), heldOut);
  }

  /** Settings of shards and loading, small. */
  public static DataConfig data(double heldOut) {
    return data("data.held-out=" + heldOut);
  }

  /** The same with settings, {@code key=value}. */
  public static DataConfig data(String... settings) {
    ConfigLoader loader =
        new ConfigLoader()
            .text(
                "data { max-bad-fraction = 0.01, streams = 2, decode-threads = 2, prefetch = 2 }",
                "test");
    for (String setting : settings) {
      loader.set(setting);
    }
    return loader.run().data();
  }

  /** Images of 16×16. */
  public static ImageConfig image() {
    return new ImageConfig(
        ImageSize.square(16),
        3,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        0.2,
        true);
  }

  /** The same of another shape and number of channels. */
  public static ImageConfig image(int height, int width, int channels) {
    return new ImageConfig(
        new ImageSize(height, width),
        channels,
        image().mean().subList(0, channels),
        image().std().subList(0, channels),
        0.2,
        true);
  }

  /** A run with small images. */
  public static RunConfig run(long seed, int batch, int decodeThreads) {
    return new ConfigLoader()
        .text(
            """
            image.size = 16
            data { max-bad-fraction = 0.01, streams = 3 }
            model { patch-size = 4
              encoder { width = 8, depth = 1, heads = 2 }
              decoder { width = 8, depth = 1, heads = 2 } }
            mask.unit = 1
            optim.warmup-epochs = 0
            train { epochs = 1, local-steps = 1 }
            """,
            "small-test")
        .set("seed=" + seed)
        .set("train.batch=" + batch)
        .set("data.decode-threads=" + decodeThreads)
        .set("data.prefetch=2")
        .run();
  }

  /** A run with other images. */
  public static RunConfig run(long seed, int batch, int decodeThreads, ImageConfig image) {
    RunConfig run = run(seed, batch, decodeThreads);
    return new RunConfig(
        run.seed(),
        run.task(),
        image,
        run.data(),
        run.model(),
        run.mask(),
        run.loss(),
        run.optim(),
        run.train(),
        run.averaging(),
        run.compute(),
        run.checkpoint(),
        run.evaluate(),
        run.finetune(),
        run.fault());
  }
}
