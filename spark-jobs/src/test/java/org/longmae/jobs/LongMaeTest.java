package org.longmae.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.longmae.data.image.Picture;
import org.longmae.data.image.PictureCodec;

class LongMaeTest {
  @TempDir static Path folder;

  private record Outcome(int code, String err) {}

  @BeforeAll
  static void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    Files.writeString(folder.resolve("my.conf"), "train {\n  batch = none\n}\n");
    Files.writeString(folder.resolve("torn.conf"), "train {\n  batch = \n");
  }

  // Each must end before Spark starts: with a message for people, not a stack trace.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pretrain --out r --set seeed=1 | unknown key seeed; did you mean seed?",
        "pretrain --out r --set train.batch=many | train.batch must be a whole number",
        "pretrain --out r --set image.size=100 | must be divisible by model.patch-size (16) but was 100",
        "pretrain --out r --set model.encoder.heads=7 | must be divisible by heads (7) but was 768",
        "pretrain --out r --set mask.ratio=1.0 | mask.ratio must be in (0, 1) but was 1.0",
        "pretrain --out r --set mask.unit=99 | mask.unit must be at most the grid's shorter side",
        "pretrain --out r --set train.workers=99 | train.workers must be between 0 (follow the cluster) and",
        "pretrain --out r --set train.epochs=0 | train.epochs must be at least 1 but was 0",
        "pretrain --out r --set compute.device=tpu | must be one of [auto, cpu, cuda]",
        "pretrain --out r --set loss.normalized-target=2 | must be true or false",
        "pretrain --out r --set model=5 | model must be a section but was 5",
        "pretrain --out r --set nonsense | --set must be key=value but was \"nonsense\"",
        "pretrain --out r --preset vit-x | --preset must be one of [tiny, vit-ti, vit-s, vit-b, vit-l, vit-h, sweeps/figure3",
        "pretrain --out r --conf DIR/absent.conf | --conf must be a file but there is none at",
        "pretrain --out r --conf DIR/my.conf | my.conf:2] train.batch must be a whole number",
        "pretrain --out r --conf DIR/torn.conf | torn.conf",
        "pretrain --out r | data.shards must name a shard set but is empty",
        "pretrain --out r --set data.shards=DIR/empty | DIR/empty",
        "shard --images DIR/absent --out s | folder does not exist",
        "shard --images DIR/empty --out s | no pictures",
        "shard --images DIR/my.conf --out s | must be a folder or an archive (tar, tar.gz, tgz, zip)",
        "shard --images DIR --format kitti --out s | must be one of [auto, folder, imagenet, coco, open-images] but was \"kitti\"",
        "shard --images DIR --max-archive-ratio 0 --out s | --max-archive-ratio must be at least 1",
        "shard --images DIR --format coco --labels l --out s | --labels must not be given with --format coco",
        "shard --images DIR/empty --out s --set data.prepare.quality=0 | must be in [1, 100] but was 0",
        "shard --images DIR/empty --out s --set data.prepare.shrink=yes | one of [none, longest, shortest]",
        "shard --images DIR/empty --out s --set data.limits.scans=0 | data.limits.scans must be in [1, 10000]",
        "quickstart --images DIR/absent --out q | folder does not exist",
        "quickstart --set sweep.points=[] --out q | sweep.points must have at least one point",
        "quickstart --set sweep.points=[{image.size=60}] --out q | must be divisible by",
        "sweep --out s | sweep.points must have at least one point but is empty, and so is sweep.axes",
        "sweep --out s --set sweep.axes=[[{sed=1}]] | unknown key sed",
        "sweep --out s --preset figure-3 | did you mean",
        "pretrain --out r --set task=finetune | runs that fine-tune are made by: longmae finetune",
        "finetune --run DIR/empty --out t | is no run directory",
        "evaluate --run DIR/empty | is no run directory",
        "report --sweep DIR/empty | is no sweep directory",
        "export --out o | --run must be given, unless --parity is",
        "export --run DIR/empty --out o | is no run directory",
        "export --parity k --batch 0 | --batch must be at least 1 and --steps 0, but were 0 and 0",
        "export --parity k --preset vit-x | --preset must be one of",
        "import --weights DIR/absent --out i | absent",
        "import --weights DIR/my.conf --out i | must be safetensors, .pth, .npz or .pkl but begins with",
        "inspect DIR/empty | DIR/empty",
        "inspect DIR/absent | folder of shards does not exist",
        "inspect DIR/empty --pixels -1 | --pixels must be at least 0 but was -1",
        "bench data | data.shards",
        "bench data --images a --shards b | are mutually exclusive",
        "bench data --passes 0 | --passes must be at least 1 but was 0",
        "bench averaging --strategies mean,median | averaging.strategy must be one of [mean, slowmo, diloco] but was",
        "bench averaging --set train.workers=1 | train.workers must be at least 2 but was 1",
        "doctor --out DIR/x | --out is tried out by executors and needs --cluster",
        "doctor --cores 0 | --cores must be at least 1 but was 0",
        "bench loop --rounds 0 | --rounds must be at least 1 but was 0",
        "bench loop --passes 0 | --passes must be at least 1 but was 0",
        "bench step --preset tiny --steps 0 | --steps must be at least 1",
        "bench soak --steps 19 | --steps must be at least 20 but was 19",
        "bench step --preset tiny --image-size 65 | must be divisible by model.patch-size (8)",
        "bench ops --preset tiny --steps 0 | --steps must be at least 1",
        "bench ops --preset tiny --batch many | train.batch must be a whole number",
        "bench step --preset tiny --image-size 64x36 | (8) but was 64x36; nearest: 64x40",
        "plan --rate 100 | data.shards must name a shard set, or --images say",
        "plan --images 9 --rate 0 | --rate must be positive but was 0.0",
        "plan --images 9 --rate 1 | train.batch must be at most the training pictures (9)",
        "plan --images 999 --rate 1 --memory 1 | (448/16) must fit into 1.0 GiB a worker but needs",
        "plan --images 999 --rate 1 --calibrate | are mutually exclusive",
        "scenes --count 0 --out s | --count must be at least 1",
        "pretrain | Missing required option: '--out",
        "retrain | Did you mean: longmae pretrain",
      })
  void wrongInputEndsWithCodeTwoAndOneMessage(String command, String message) {
    Outcome outcome = run(command.replace("DIR", folder.toString()).split(" "));
    assertThat(outcome.err())
        .contains(message.replace("DIR", folder.toString()))
        .doesNotContain("\tat ");
    assertThat(outcome.code()).isEqualTo(2);
  }

  // The keys are read by scripts that compare machines and releases.
  @Test
  void aStepIsTimed() throws IOException {
    JsonNode step = bench("step", "--image-size=64x32");
    assertThat(step.path("sequence_length").asInt()).isEqualTo(32);
    assertThat(step.path("params").asLong()).isEqualTo(2706816 + 261120);
    assertThat(step.path("images_per_second").asDouble()).isPositive();
    assertThat(step.path("gflops_per_second").asDouble()).isPositive();
    assertThat(step.path("gemm_gflops_per_second").asDouble()).isPositive();
    assertThat(step.path("peak_bytes").asLong()).isGreaterThan(1 << 20);
  }

  @Test
  void theOperationsOfAStepAreTimed() throws IOException {
    JsonNode ops = bench("ops", "--image-size=64");
    assertThat(ops.path("sequence_length").asInt()).isEqualTo(64);
    double sum = 0;
    double share = 0;
    double last = Double.MAX_VALUE;
    for (JsonNode operation : ops.path("operations")) {
      double seconds = operation.path("seconds").asDouble();
      assertThat(seconds).isPositive().isLessThanOrEqualTo(last);
      assertThat(operation.path("calls").asInt()).isPositive();
      boolean product = operation.path("name").asText().matches("linear.*|attention.*");
      assertThat(operation.path("gflops_per_second").asDouble() > 0).isEqualTo(product);
      assertThat(operation.path("gemm_share").asDouble() > 0).isEqualTo(product);
      sum += seconds;
      share += operation.path("share").asDouble();
      last = seconds;
    }
    double step = ops.path("step_seconds").asDouble();
    assertThat(sum).isCloseTo(ops.path("operation_seconds").asDouble(), within(1e-9));
    assertThat(sum + ops.path("outside_seconds").asDouble()).isCloseTo(step, within(1e-9));
    assertThat(share).isBetween(0.1, 1.0);
    // Six blocks of the encoder: the first map of each MLP, of 2 pictures with 17 tokens.
    assertThat(ops.path("operations").toString())
        .contains("{\"name\":\"linear\",\"shape\":\"R=34 I=192 O=768\",\"calls\":6,");
  }

  // Shards, and what is measured and told of them, through the commands as typed.
  @Test
  void picturesAreShardedInspectedAndTimed() throws IOException {
    // The commands start an application of their own.
    TestRuns.stopSpark();
    String scenes = folder.resolve("scenes").toString();
    String shards = folder.resolve("shards").toString();
    assertThat(run("scenes", "--count=80", "--width=64", "--height=48", "--out=" + scenes).code())
        .isZero();
    assertThat(run("shard", "--images=" + scenes, "--out=" + shards).code()).isZero();

    Path sheet = folder.resolve("sheet.png");
    Path seen = folder.resolve("inspect.json");
    Outcome outcome = run("inspect", shards, "--verify", "--sheet=" + sheet, "--json=" + seen);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode inspected = new ObjectMapper().readTree(Files.readAllBytes(seen));
    assertThat(inspected.path("pictures").asInt()).isEqualTo(80);
    assertThat(inspected.path("splits").path("train").asInt()).isEqualTo(72);
    assertThat(inspected.path("annotations").path("objects").asInt()).isGreaterThan(80);
    assertThat(inspected.path("pixels").path("mean")).hasSize(3);
    assertThat(inspected.path("problems")).isEmpty();
    assertThat(Files.size(sheet)).isGreaterThan(10_000);

    JsonNode data = benchData("--images=" + scenes);
    assertThat(data.path("shard_images_per_second").asDouble()).isPositive();
    assertThat(benchData("--shards=" + shards).path("shard_images_per_second").asDouble()).isZero();

    Path file = folder.resolve("shards/train-00000-of-00003.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    outcome = run("inspect", shards, "--verify");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.err()).contains("is damaged").contains(file.getFileName().toString());
  }

  @Test
  void theDoctorSaysWhatAnExecutorNeeds() throws IOException {
    Path json = folder.resolve("doctor.json");
    Outcome outcome = run("doctor", "--preset=tiny", "--json=" + json);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode doctor = new ObjectMapper().readTree(Files.readAllBytes(json));
    assertThat(doctor.path("compute").asText()).contains("/cpu/");
    assertThat(doctor.path("gemm_gflops_per_second").asDouble()).isPositive();
    assertThat(doctor.path("executor_memory_mib").asLong()).isGreaterThan(300);
    assertThat(doctor.path("executor_overhead_mib").asLong()).isGreaterThan(300);
    assertThat(doctor.path("fits").asBoolean()).isTrue();
  }

  @Test
  void theServiceIsTimedBesideTheBareLoop() throws IOException {
    TestRuns.stopSpark();
    Path json = folder.resolve("loop.json");
    Outcome outcome =
        run(
            "bench",
            "loop",
            "--preset=tiny",
            "--set=image.size=32",
            "--set=train.batch=8",
            "--set=train.local-steps=2",
            "--rounds=2",
            "--passes=1",
            "--out=" + folder.resolve("loop"),
            "--json=" + json);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode loop = new ObjectMapper().readTree(Files.readAllBytes(json));
    assertThat(loop.path("bare_images_per_second").get(0).asDouble()).isPositive();
    assertThat(loop.path("spark_images_per_second").get(0).asDouble()).isPositive();
    assertThat(loop.path("share").asDouble()).isPositive();
  }

  private static JsonNode benchData(String pictures) throws IOException {
    Path json = folder.resolve("data.json");
    Outcome outcome =
        run(
            "bench",
            "data",
            pictures,
            "--preset=tiny",
            "--image-size=32",
            "--batch=4",
            "--steps=3",
            "--passes=1",
            "--precision=fp32",
            "--device=cpu",
            "--json=" + json);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode data = new ObjectMapper().readTree(Files.readAllBytes(json));
    for (String rate : List.of("decode", "decoder", "read", "pipeline")) {
      assertThat(data.path(rate + "_images_per_second").asDouble()).as(rate).isPositive();
    }
    assertThat(data.path("data_wait_share").asDouble()).isBetween(0.0, 1.0);
    return data;
  }

  private static JsonNode bench(String what, String imageSize) throws IOException {
    Path json = folder.resolve(what + ".json");
    Outcome outcome =
        run(
            "bench",
            what,
            "--preset=tiny",
            "--batch=2",
            "--steps=2",
            "--precision=fp32",
            "--device=cpu",
            imageSize,
            "--json=" + json);
    assertThat(outcome.err()).doesNotContain("longmae:");
    assertThat(outcome.code()).isZero();
    return new ObjectMapper().readTree(Files.readAllBytes(json));
  }

  // Forty points in a moment, and the same as numbers.
  @Test
  void aSweepIsPlanned() throws IOException {
    StringBuilder points = new StringBuilder("sweep.points=[");
    for (int i = 1; i <= 40; i++) {
      points.append("{image.size=").append(16 * i).append(",mask.unit=1},");
    }
    Path json = folder.resolve("plan.json");
    Outcome outcome =
        run(
            "plan",
            "--preset",
            "tiny",
            "--set",
            points + "]",
            "--images",
            "2160",
            "--rate",
            "200",
            "--workers",
            "4",
            "--price",
            "2",
            "--memory",
            "64",
            "--json",
            json.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode plan = new ObjectMapper().readTree(Files.readString(json));
    assertThat(plan.path("points")).hasSize(40);
    JsonNode last = plan.path("points").get(39);
    assertThat(last.path("sequence_length").asInt()).isEqualTo(6400);
    assertThat(last.path("fits").asBoolean()).isTrue();
    long memory = 0;
    for (JsonNode item : last.path("memory")) {
      memory += item.asLong();
    }
    assertThat(last.path("memory_bytes").asLong()).isEqualTo(memory).isGreaterThan(1L << 30);
    assertThat(last.path("money").asDouble())
        .isEqualTo(2 * last.path("worker_hours").asDouble())
        .isPositive();
  }

  // Without a rate it is measured, on steps of the model itself.
  @Test
  void aRateIsMeasured() throws IOException {
    Path json = folder.resolve("calibrated.json");
    Outcome outcome =
        run(
            "plan",
            "--preset",
            "tiny",
            "--set",
            "sweep.points=[]",
            "--set",
            "train.batch=2",
            "--images",
            "99",
            "--json",
            json.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode point = new ObjectMapper().readTree(Files.readString(json)).path("points").get(0);
    assertThat(point.path("rate_source").asText()).contains("steps of 2 images timed here");
    assertThat(point.path("gflops_per_worker").asDouble()).isPositive();
  }

  // Before hours of work: what would come of it.
  @Test
  void aDryRunSaysWhatWouldBeMadeAndWritesNothing() throws IOException {
    Path cats = Files.createDirectories(folder.resolve("dry/cat"));
    Path dogs = Files.createDirectories(folder.resolve("dry/dog"));
    for (int i = 0; i < 20; i++) {
      Path pictures = i % 2 == 0 ? cats : dogs;
      Picture picture = new Picture(64, 48, new byte[3 * 64 * 48]);
      Files.write(pictures.resolve(i + ".png"), i == 7 ? new byte[9] : PictureCodec.png(picture));
    }
    Path json = folder.resolve("dry.json");
    Outcome outcome =
        run(
            "shard",
            "--dry-run",
            "--images=" + folder.resolve("dry"),
            "--out=" + folder.resolve("dry-out"),
            "--set=data.prepare.shrink=longest",
            "--set=data.prepare.shrink-to=16",
            "--json=" + json);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode plan = new ObjectMapper().readTree(Files.readString(json));
    assertThat(plan.path("train").asInt()).isEqualTo(18);
    assertThat(plan.path("validation").asInt()).isEqualTo(2);
    assertThat(plan.path("classes").asInt()).isEqualTo(2);
    assertThat(plan.path("unreadable_of_these").asInt()).isEqualTo(1);
    assertThat(plan.path("expected_bytes").asLong()).isPositive();
    assertThat(folder.resolve("dry-out")).doesNotExist();
  }

  // What comes in each night: the nights before are not done again, one bad night stops no other.
  @Test
  void eachFolderBecomesASetOfItsOwnOnce() throws IOException {
    for (String night : List.of("2026-11-01", "2026-11-02", "_coming")) {
      Path pictures = Files.createDirectories(folder.resolve("incoming/" + night));
      for (int i = 0; i < 20; i++) {
        Picture picture = new Picture(64, 48, new byte[3 * 64 * 48]);
        Files.write(pictures.resolve(i + ".png"), PictureCodec.png(picture));
      }
    }
    Files.writeString(folder.resolve("incoming/readme.txt"), "not a folder");
    Path json = folder.resolve("nights.json");
    String[] command = {
      "shard",
      "--each-folder",
      "--images=" + folder.resolve("incoming"),
      "--out=" + folder.resolve("nights"),
      "--json=" + json
    };
    assertThat(run(command).code()).isZero();
    assertThat(new ObjectMapper().readTree(json.toFile()).findValuesAsText("made_now"))
        .containsExactly("true", "true");
    assertThat(folder.resolve("nights/_coming")).doesNotExist();

    Files.createDirectories(folder.resolve("incoming/2026-11-03"));
    Files.move(folder.resolve("incoming/_coming"), folder.resolve("incoming/2026-11-04"));
    Outcome outcome = run(command);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("2026-11-03").contains("no pictures");
    JsonNode nights = new ObjectMapper().readTree(json.toFile());
    assertThat(nights.findValuesAsText("made_now")).containsExactly("false", "false", "true");
    assertThat(nights.get(2).get("folder").asText()).endsWith("nights/2026-11-04");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command :
        List.of(
            "plan",
            "quickstart",
            "scenes",
            "shard",
            "inspect",
            "pretrain",
            "sweep",
            "evaluate",
            "reconstruct",
            "report",
            "bench",
            "doctor")) {
      assertThat(run(command, "--help").code()).as(command).isZero();
    }
  }

  private static Outcome run(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      int code = LongMae.run(arguments);
      return new Outcome(code, bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }
}
