package org.longmae.jobs.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.longmae.jobs.TestRuns.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.longmae.conf.ConfigException;
import org.longmae.conf.ConfigLoader;
import org.longmae.data.image.PictureCodec;
import org.longmae.data.shard.ShardPlan;
import org.longmae.data.source.SourceException;
import org.longmae.jobs.TestRuns;

class ShardJobTest {
  private static final int PICTURES = 130;

  @TempDir static Path folder;

  @BeforeAll
  static void makeShards() throws IOException {
    TestRuns.shards(path("data"), PICTURES);
  }

  // A format that only we can read would lock people's pictures in.
  @Test
  void anyonesSparkReadsTheShards() throws Exception {
    SparkSession session = SparkSession.builder().sparkContext(spark().sc()).getOrCreate();
    Dataset<Row> rows = session.read().parquet(path("data/shards") + "/*.parquet");
    assertThat(rows.count()).isEqualTo(PICTURES);
    assertThat(rows.columns())
        .contains("image", "label", "width", "height", "id", "sha256", "objects");
    assertThat(rows.select("id").distinct().count()).isEqualTo(PICTURES);
    Row picture = rows.selectExpr("image.bytes", "width", "height").first();
    assertThat(PictureCodec.decode(picture.getAs(0)).width()).isEqualTo(picture.getInt(1));
    assertThat(rows.selectExpr("explode(objects)").count()).isGreaterThan(PICTURES);
  }

  // People paste it.
  @Test
  void theDocumentedSparkStatementRuns() throws Exception {
    String page = Files.readString(Path.of("../docs/shard-format.md"));
    Matcher statement =
        Pattern.compile("Spark SQL:\\s+```sql\\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(statement.find()).isTrue();
    String sql = statement.group(1).replace("`shards/", "`" + path("data/shards") + "/");

    List<Row> rows =
        SparkSession.builder().sparkContext(spark().sc()).getOrCreate().sql(sql).collectAsList();

    assertThat(rows).isNotEmpty();
    assertThat(rows.stream().mapToLong(row -> row.getLong(1)).sum()).isEqualTo(117);
    assertThat(rows.get(0).getDouble(2)).isPositive();
  }

  @Test
  void aFinishedSetIsLeftAsItIs() throws IOException {
    BuildShardsResult again = job("data/scenes").run(spark());
    assertThat(again.madeNow()).isFalse();
    assertThat(again.manifest().rows(ShardPlan.TRAIN)).isEqualTo(117);
    assertThat(again.manifest().rows(ShardPlan.VALIDATION)).isEqualTo(13);
  }

  @Test
  void aSetOfAnotherSourceIsRefused() {
    assertThatThrownBy(() -> job("data/scenes/train").run(spark()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("was made from")
        .hasMessageContaining("choose another --out");
  }

  // A compressed archive is unpacked by tasks, and nothing of that stays.
  @Test
  void anArchiveGivesTheShardsOfItsFolder() throws Exception {
    Path archive = folder.resolve("scenes.tgz");
    pack(folder.resolve("data/scenes"), archive);
    BuildShardsResult made =
        new ShardJob(new ConfigLoader().run(), path("scenes.tgz"), path("packed")).run(spark());
    BuildShardsResult expected = job("data/scenes").run(spark());
    assertThat(made.manifest().digest()).isEqualTo(expected.manifest().digest());
    assertThat(folder.resolve("packed/_progress")).doesNotExist();

    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(
            () ->
                new ShardJob(new ConfigLoader().run(), path("scenes.tgz"), path("torn"))
                    .run(spark()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("scenes.tgz] is no gzip or is truncated");
  }

  private static void pack(Path from, Path archive) throws Exception {
    Process tar =
        new ProcessBuilder("tar", "czf", archive.toString(), "-C", from.toString(), ".").start();
    assertThat(tar.waitFor()).isZero();
  }

  private static ShardJob job(String source) {
    return new ShardJob(new ConfigLoader().run(), path(source), path("data/shards"));
  }

  private static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri().toString());
  }
}
