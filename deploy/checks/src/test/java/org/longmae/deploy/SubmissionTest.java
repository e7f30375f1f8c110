package org.longmae.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import okhttp3.mockwebserver.MockWebServer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What Spark asks Kubernetes for with our property files, as far as a mock of its API server goes:
 * it keeps what is made there and starts no pod.
 */
class SubmissionTest {
  private static final String IMAGE = "example.com/longmae:test";

  private final ApiServer api = new ApiServer();
  private KubernetesMockServer server;
  private NamespacedKubernetesClient client;

  @BeforeEach
  void start() {
    server =
        new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), api, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    client = server.createClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.destroy();
  }

  @Test
  void submittedInClusterModeTheDriverIsAPodOfOurs() throws Exception {
    submit("k8s-cpu.conf");

    Pod driver = pods("driver").get(0);
    KubernetesSchema.check(json(driver));
    assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("longmae");
    assertThat(driver.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
    assertThat(driver.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    Container container = container(driver);
    assertThat(container.getImage()).isEqualTo(IMAGE);
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getArgs())
        .contains("driver", "org.longmae.jobs.LongMae", "local:///opt/longmae/longmae.jar")
        .endsWith("pretrain", "--preset", "tiny", "--out", "/longmae/runs/tiny");
    assertThat(mebibytes(container, "memory")).isEqualTo(3 * 1024);
    // The driver finds its executors' template and all settings in what was made beside it.
    List<ConfigMap> maps = client.configMaps().inNamespace("longmae").list().getItems();
    assertThat(maps.toString())
        .contains("podAntiAffinity")
        .contains("spark.executor.memoryOverhead=5248m")
        .contains("spark.kubernetes.executor.podTemplateFile=/opt/spark/pod-template/");
    assertThat(client.services().inNamespace("longmae").list().getItems()).hasSize(1);
  }

  @Test
  void anExecutorOnProcessorsHasTheMemoryOfTheFile() throws Exception {
    Pod executor = executors("k8s-cpu.conf", 4).get(0);
    KubernetesSchema.check(json(executor));
    theRoleAllowsWhatWasAsked();
    Container container = container(executor);
    assertThat(container.getImage()).isEqualTo(IMAGE);
    assertThat(mebibytes(container, "memory")).isEqualTo(4736 + 5248);
    assertThat(container.getResources().getRequests()).containsEntry("cpu", new Quantity("8"));
    assertThat(container.getResources().getLimits()).doesNotContainKey("nvidia.com/gpu");
    assertThat(executor.getSpec().getAffinity().getPodAntiAffinity()).isNotNull();
    assertThat(executor.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(environment(container, "SPARK_JAVA_OPT_"))
        .contains("-Dorg.bytedeco.javacpp.cachedir=/opt/longmae/natives");
  }

  @Test
  void anExecutorOnAGpuAsksForOneAndMayGoWhereTheyAre() throws Exception {
    List<Pod> executors = executors("k8s-gpu.conf", 4);
    assertThat(executors).hasSize(4);
    for (Pod executor : executors) {
      KubernetesSchema.check(json(executor));
      Container container = container(executor);
      assertThat(container.getResources().getLimits())
          .containsEntry("nvidia.com/gpu", new Quantity("1"));
      assertThat(executor.getSpec().getTolerations())
          .extracting(toleration -> toleration.getKey())
          .contains("nvidia.com/gpu");
      assertThat(environment(container, "CUDA_DEVICE_ORDER")).contains("PCI_BUS_ID");
    }
  }

  /** Runs a driver here, and returns the executors that it asked for. */
  private List<Pod> executors(String file, int instances) throws Exception {
    SparkConf conf = new SparkConf(false);
    ManifestsTest.properties(Path.of("spark", file)).forEach(conf::set);
    // It is of the image; a driver in this JVM looks for no GPU.
    conf.remove("spark.executor.resource.gpu.discoveryScript");
    conf.setMaster("k8s://" + url())
        .setAppName("longmae-test")
        .set("spark.kubernetes.container.image", IMAGE)
        .set("spark.kubernetes.allocation.batch.delay", "100ms")
        .set("spark.scheduler.minRegisteredResourcesRatio", "0")
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.ui.enabled", "false");
    JavaSparkContext spark = new JavaSparkContext(conf);
    try {
      for (int wait = 0; wait < 600 && pods("executor").size() < instances; wait++) {
        Thread.sleep(100);
      }
      return pods("executor");
    } finally {
      spark.stop();
    }
  }

  private void submit(String file) throws Exception {
    new SparkSubmit()
        .doSubmit(
            new String[] {
              "--master",
              "k8s://" + url(),
              "--deploy-mode",
              "cluster",
              "--properties-file",
              "spark/" + file,
              "--name",
              "longmae-test",
              "--conf",
              "spark.kubernetes.container.image=" + IMAGE,
              "--conf",
              "spark.kubernetes.submission.waitAppCompletion=false",
              "--class",
              "org.longmae.jobs.LongMae",
              "local:///opt/longmae/longmae.jar",
              "pretrain",
              "--preset",
              "tiny",
              "--out",
              "/longmae/runs/tiny"
            });
  }

  /** A verb that the role does not have would end a driver on a real cluster. */
  private void theRoleAllowsWhatWasAsked() {
    Set<String> allowed = new TreeSet<>();
    Yaml.read(Path.of("kubernetes/base/service-account.yaml")).stream()
        .filter(resource -> resource.get("kind").asText().equals("Role"))
        .flatMap(role -> StreamSupport.stream(role.get("rules").spliterator(), false))
        .forEach(
            rule ->
                rule.get("verbs")
                    .forEach(
                        verb ->
                            rule.get("resources")
                                .forEach(
                                    what -> allowed.add(verb.asText() + " " + what.asText()))));
    assertThat(api.asked()).contains("create pods", "create configmaps").isSubsetOf(allowed);
  }

  private String url() {
    return "http://" + server.getHostName() + ":" + server.getPort();
  }

  private List<Pod> pods(String role) {
    PodList pods = client.pods().inNamespace("longmae").withLabel("spark-role", role).list();
    return pods.getItems();
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private static long mebibytes(Container container, String what) {
    Quantity limit = container.getResources().getLimits().get(what);
    return Quantity.getAmountInBytes(limit).divide(BigDecimal.valueOf(1 << 20)).longValueExact();
  }

  private static List<String> environment(Container container, String name) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().startsWith(name))
        .map(variable -> variable.getValue())
        .toList();
  }

  private static JsonNode json(Pod pod) throws IOException {
    pod.setStatus(null);
    return new ObjectMapper().valueToTree(pod);
  }
}
