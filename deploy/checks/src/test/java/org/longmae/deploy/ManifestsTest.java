package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.longmae.conf.ConfigLoader;
import org.longmae.conf.RunConfig;
import org.longmae.jobs.plan.ExecutorMemory;
import org.longmae.jobs.plan.TrainingSet;
import org.yaml.snakeyaml.DumperOptions;

class ManifestsTest {
  private static final Path KUBERNETES = Path.of("kubernetes");

  static List<Path> overlays() throws IOException {
    try (Stream<Path> folders = Files.list(KUBERNETES.resolve("overlays"))) {
      return folders.sorted().toList();
    }
  }

  static List<Path> podTemplates() throws IOException {
    try (Stream<Path> files = Files.list(KUBERNETES.resolve("pods"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everythingThatAnOverlayRendersIsOfItsSchema(Path overlay) {
    List<JsonNode> resources = Overlay.render(overlay);
    assertThat(resources)
        .extracting(resource -> resource.get("kind").asText())
        .contains("ServiceAccount", "Role", "SparkApplication", "ScheduledSparkApplication");
    resources.forEach(
        resource ->
            assertThatCode(() -> KubernetesSchema.check(resource))
                .as(Overlay.id(resource))
                .doesNotThrowAnyException());
  }

  @ParameterizedTest
  @MethodSource("podTemplates")
  void podTemplatesAreOfKubernetesSchema(Path file) {
    List<JsonNode> pods = Yaml.read(file);
    assertThat(pods).hasSize(1);
    KubernetesSchema.check(pods.get(0));
  }

  // A schema that lets everything pass would show nothing.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cpu-hdfs | SparkApplication | instances: | instance: | instance
          cpu-hdfs | SparkApplication | type: Java | type: Jav | Jav
          cpu-hdfs | SparkApplication | sparkVersion: | sparkVersions: | sparkVersion
          cpu-hdfs | SparkApplication | spark.speculation: "false" | spark.speculation: false | speculation
          cpu-hdfs | SparkApplication | cores: 8 | cores: eight | cores
          cpu-hdfs | SparkApplication | onFailureRetryInterval: 60 | onFailureRetryInterval: 0 | onFailureRetryInterval
          cpu-hdfs | SparkApplication | runAsNonRoot: true | runAsNotRoot: true | runAsNotRoot
          gpu-hdfs | SparkApplication | effect: NoSchedule | effects: NoSchedule | effects
          cpu-s3a | SparkApplication | key: access-key | keys: access-key | keys
          cpu-volume | SparkApplication | mountPath: /longmae | path: /longmae | path
          cpu-volume | PersistentVolumeClaim | accessModes: | accessMode: | accessMode
          cpu-hdfs | ScheduledSparkApplication | concurrencyPolicy: Forbid | concurrencyPolicy: Skip | Skip
          cpu-hdfs | RoleBinding | roleRef: | role: | role
          """)
  void aMistakeIsRefusedByItsField(
      String overlay, String kind, String right, String wrong, String named) {
    Path folder = KUBERNETES.resolve("overlays").resolve(overlay);
    JsonNode resource = ofKind(Overlay.render(folder), kind);
    String text = new org.yaml.snakeyaml.Yaml(block()).dump(plain(resource));
    String broken = text.replace(right.replace('"', '\''), wrong.replace('"', '\''));
    assertThat(broken).as("has %s", right).isNotEqualTo(text);
    KubernetesSchema.check(Yaml.parse(text).get(0));
    assertThatThrownBy(() -> KubernetesSchema.check(Yaml.parse(broken).get(0)))
        .hasMessageContaining(named);
  }

  // Ours renders where there is no kustomize; where there is one, both must agree.
  @ParameterizedTest
  @MethodSource("overlays")
  void overlaysRenderAsKustomizeRendersThem(Path overlay) throws Exception {
    assumeTrue(Commands.isThere("kubectl"), "needs kubectl");
    Commands.Result rendered = Commands.run("kubectl", "kustomize", overlay.toString());
    assertThat(rendered.code()).as(rendered.errors()).isZero();
    assertThat(byId(Overlay.render(overlay))).isEqualTo(byId(Yaml.parse(rendered.output())));
  }

  // Whoever changes a setting in one place would find the other shape as it was.
  @ParameterizedTest
  @CsvSource({"cpu-hdfs, k8s-cpu.conf", "gpu-hdfs, k8s-gpu.conf"})
  void manifestAndPropertyFileSayTheSame(String overlay, String file) throws IOException {
    Path folder = KUBERNETES.resolve("overlays").resolve(overlay);
    JsonNode spec = ofKind(Overlay.render(folder), "SparkApplication").get("spec");
    Map<String, String> said = new TreeMap<>();
    spec.get("sparkConf")
        .fields()
        .forEachRemaining(f -> said.put(f.getKey(), f.getValue().asText()));
    for (String role : List.of("driver", "executor")) {
      for (String key : List.of("cores", "memory", "memoryOverhead", "instances")) {
        if (spec.get(role).has(key)) {
          said.put("spark." + role + "." + key, spec.get(role).get(key).asText());
        }
      }
    }
    Map<String, String> properties = properties(Path.of("spark", file));
    properties.keySet().removeIf(key -> key.startsWith("spark.kubernetes."));
    assertThat(said).isEqualTo(properties);
  }

  @Test
  void theExecutorsMemoryIsWhatDoctorAdvises() {
    JsonNode spec =
        ofKind(Overlay.render(KUBERNETES.resolve("overlays/cpu-hdfs")), "SparkApplication")
            .get("spec");
    ConfigLoader loader = new ConfigLoader();
    List<String> arguments = new ArrayList<>();
    spec.get("arguments").forEach(argument -> arguments.add(argument.asText()));
    for (int i = 1; i + 1 < arguments.size(); i += 2) {
      switch (arguments.get(i)) {
        case "--preset" -> loader = loader.preset(arguments.get(i + 1));
        case "--set" -> loader = loader.set(arguments.get(i + 1));
        default -> assertThat(arguments.get(i)).isEqualTo("--out");
      }
    }
    RunConfig run = loader.run();
    JsonNode executor = spec.get("executor");
    ExecutorMemory advice =
        ExecutorMemory.of(run, TrainingSet.of(0), executor.get("cores").asInt());
    assertThat(executor.get("memory").asText()).isEqualTo(advice.heapMib() + "m");
    assertThat(executor.get("memoryOverhead").asText()).isEqualTo(advice.overheadMib() + "m");
    assertThat(run.train().workers()).isEqualTo(executor.get("instances").asInt());
  }

  // A killed driver's lease must have lapsed before the operator starts the next one.
  @Test
  void theOperatorWaitsForTheLease() {
    JsonNode policy =
        ofKind(Overlay.render(KUBERNETES.resolve("overlays/cpu-hdfs")), "SparkApplication")
            .get("spec")
            .get("restartPolicy");
    int lease = new ConfigLoader().run().checkpoint().leaseSeconds();
    assertThat(policy.get("onFailureRetryInterval").asInt()).isGreaterThan(lease);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void nothingRunsAsRootAndNoSecretIsWrittenDown(Path overlay) {
    for (JsonNode resource : Overlay.render(overlay)) {
      assertThat(resource.get("kind").asText()).isNotEqualTo("Secret");
      for (String role : List.of("driver", "executor")) {
        for (JsonNode pod : resource.findValues(role)) {
          assertThat(pod.at("/podSecurityContext/runAsNonRoot").asBoolean()).isTrue();
          assertThat(pod.at("/podSecurityContext/runAsUser").asInt()).isPositive();
          assertThat(pod.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
        }
      }
      resource.findValues("env").forEach(env -> env.forEach(ManifestsTest::isByReference));
    }
  }

  private static void isByReference(JsonNode variable) {
    assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
        .as(variable.toString())
        .isNotEmpty();
    assertThat(variable.has("value")).isFalse();
  }

  static Map<String, String> properties(Path file) throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties.stringPropertyNames().stream()
        .collect(
            Collectors.toMap(
                Function.identity(), properties::getProperty, (a, b) -> a, TreeMap::new));
  }

  private static JsonNode ofKind(List<JsonNode> resources, String kind) {
    return resources.stream()
        .filter(resource -> resource.get("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, JsonNode> byId(List<JsonNode> resources) {
    return resources.stream().collect(Collectors.toMap(Overlay::id, Function.identity()));
  }

  private static Object plain(JsonNode node) {
    return new ObjectMapper().convertValue(node, Object.class);
  }

  private static DumperOptions block() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return options;
  }
}
