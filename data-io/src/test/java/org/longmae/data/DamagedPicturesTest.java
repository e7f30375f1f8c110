package org.longmae.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.DataConfig;
import org.longmae.conf.Randomness;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.scenes.Scenes;
import org.longmae.data.shard.BuildWatch;
import org.longmae.data.shard.Quarantined;
import org.longmae.data.shard.ShardBuilder;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.shard.ShardResult;
import org.longmae.data.source.SourceSettings;

/**
 * A collection in which one picture of a hundred is damaged, in twelve ways: exactly those are
 * quarantined, each for what is wrong with it. With {@code -Dlongmae.pictures=10000} it is as large
 * as said.
 */
class DamagedPicturesTest {
  private static final int PICTURES = Integer.getInteger("longmae.pictures", 1200);
  private static final int ONE_OF = 100;
  private static final int DISTINCT = 40;

  private final FileSystem fs = TestPictures.local();

  @Test
  void exactlyTheDamagedPicturesAreQuarantined(@TempDir java.nio.file.Path folder)
      throws IOException {
    Path source = new Path(new Path(folder.toUri()), "pictures");
    Map<String, Damage> damaged = new TreeMap<>();
    byte[][] sound = new byte[DISTINCT][];
    for (int i = 0; i < PICTURES; i++) {
      int kind = i % DISTINCT;
      if (sound[kind] == null) {
        sound[kind] =
            PictureCodec.jpeg(Scenes.render(new Randomness(5), kind, 192, 144).picture(), 90);
      }
      Path file = new Path(source, "%05d.jpg".formatted(i));
      byte[] bytes = sound[kind];
      if (i % ONE_OF == 37) {
        Damage damage = Damage.values()[i / ONE_OF % Damage.values().length];
        bytes = damage.of(bytes, i);
        damaged.put(fs.makeQualified(file).toString(), damage);
      }
      TestPictures.writeFast(fs, file, bytes);
    }

    Map<String, String> reasons = quarantined(source, new Path(new Path(folder.toUri()), "out"));

    assertThat(reasons.keySet()).isEqualTo(damaged.keySet()).hasSize(PICTURES / ONE_OF);
    damaged.forEach(
        (path, damage) ->
            assertThat(reasons.get(path)).as("%s: %s", path, damage).contains(damage.reason()));
  }

  private Map<String, String> quarantined(Path source, Path out) throws IOException {
    DataConfig config = TestShards.data();
    List<Quarantined> quarantined = new ArrayList<>();
    for (ShardPlan plan :
        ShardPlan.of(
            TestShards.list(fs, source, SourceSettings.DEFAULT, out),
            config,
            new Randomness(1),
            1)) {
      ShardResult result =
          (ShardResult) ShardBuilder.build(fs, out, plan, config, PICTURES, BuildWatch.NONE);
      quarantined.addAll(result.quarantined());
    }
    Map<String, String> reasons = new TreeMap<>();
    quarantined.forEach(picture -> reasons.put(picture.path(), picture.reason()));
    return reasons;
  }
}
