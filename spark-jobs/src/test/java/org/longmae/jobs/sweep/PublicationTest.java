package org.longmae.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.conf.ConfigException;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;

class PublicationTest {
  // A path tells of a user and a cluster; a key, a preset or a fraction is none.
  @ParameterizedTest
  @CsvSource({
    "longmae sweep --set data.shards=/home/ann/s/train, longmae sweep --set data.shards=train",
    "file:/data/c.tar.gz: cifar10, c.tar.gz: cifar10",
    "hdfs://nn.corp:8020/user/ann/coco/train, train",
    "--set data.shards=hdfs://nn.corp:8020/train, --set data.shards=train",
    "'[/a/b/part-0.parquet] row 3: not a JPEG', '[part-0.parquet] row 3: not a JPEG'",
    "--preset studies/cifar10-length --out s/epochs, --preset studies/cifar10-length --out s/epochs",
    "7 images/s of L = (I/p)², 7 images/s of L = (I/p)²"
  })
  void onlyTheLastNameOfAPathIsTold(String words, String told) {
    assertThat(Publication.withoutFolders(words)).isEqualTo(told);
  }

  @Test
  void picturesAreAsGoodAsTheRoomAllows() throws Exception {
    byte[] noise = new byte[64 * 64 * Picture.RGB];
    new Random(1).nextBytes(noise);
    Map<String, byte[]> pngs = Map.of("a", PictureCodec.png(new Picture(64, 64, noise)));

    byte[] best = Publication.small(pngs, 1 << 20).get("a");
    byte[] less = Publication.small(pngs, best.length - 1).get("a");

    assertThat(less.length).isLessThan(best.length);
    assertThat(PictureCodec.decode(less).width()).isEqualTo(64);
    assertThatThrownBy(() -> Publication.small(pngs, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching("--picture-bytes must be at least \\d+, .* but was 10");
  }
}
