package org.longmae.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.kubernetes.client.openapi.models.V1Affinity;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodSecurityContext;
import io.kubernetes.client.openapi.models.V1SecurityContext;
import io.kubernetes.client.openapi.models.V1Toleration;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.util.List;
import java.util.Map;

/**
 * The kinds of Kubeflow's Spark operator, {@code sparkoperator.k8s.io/v1beta2}: those of its fields
 * that an application in Java on Kubernetes has a use for, with names, types, allowed values and
 * bounds as the operator's types declare them (github.com/kubeflow/spark-operator, api/v1beta2).
 * Written down here by hand, for no registry of packages has the operator's own files: a field that
 * is missing here is one to look up there. What is of Kubernetes itself is held to its schema.
 */
final class SparkOperatorSchema {
  private static final ObjectMapper STRICT = strict();

  private SparkOperatorSchema() {}

  enum Type {
    Java,
    Python,
    Scala,
    R
  }

  enum Mode {
    cluster,
    client
  }

  enum Restart {
    Never,
    Always,
    OnFailure
  }

  enum Concurrency {
    Allow,
    Forbid,
    Replace
  }

  record SparkApplication(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) JsonNode metadata,
      @JsonProperty(required = true) Spec spec) {}

  record ScheduledSparkApplication(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) JsonNode metadata,
      @JsonProperty(required = true) ScheduledSpec spec) {}

  record ScheduledSpec(
      @JsonProperty(required = true) String schedule,
      @JsonProperty(required = true) Spec template,
      Boolean suspend,
      Concurrency concurrencyPolicy,
      Integer successfulRunHistoryLimit,
      Integer failedRunHistoryLimit) {}

  record Spec(
      @JsonProperty(required = true) Type type,
      @JsonProperty(required = true) String sparkVersion,
      Mode mode,
      String image,
      String imagePullPolicy,
      List<String> imagePullSecrets,
      String mainClass,
      @JsonProperty(required = true) String mainApplicationFile,
      List<String> arguments,
      Map<String, String> sparkConf,
      Map<String, String> hadoopConf,
      String sparkConfigMap,
      String hadoopConfigMap,
      List<JsonNode> volumes,
      @JsonProperty(required = true) Driver driver,
      @JsonProperty(required = true) Executor executor,
      RestartPolicy restartPolicy,
      Long timeToLiveSeconds) {
    Spec {
      each(volumes, V1Volume.class);
    }
  }

  record RestartPolicy(
      Restart type,
      Integer onSubmissionFailureRetries,
      Integer onFailureRetries,
      Long onSubmissionFailureRetryInterval,
      Long onFailureRetryInterval) {
    RestartPolicy {
      least(onSubmissionFailureRetries, 0, "onSubmissionFailureRetries");
      least(onFailureRetries, 0, "onFailureRetries");
      least(onSubmissionFailureRetryInterval, 1, "onSubmissionFailureRetryInterval");
      least(onFailureRetryInterval, 1, "onFailureRetryInterval");
    }
  }

  record Driver(
      Integer cores,
      String coreLimit,
      String coreRequest,
      String memory,
      String memoryOverhead,
      String javaOptions,
      String serviceAccount,
      List<JsonNode> env,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, String> nodeSelector,
      List<JsonNode> volumeMounts,
      JsonNode affinity,
      List<JsonNode> tolerations,
      JsonNode podSecurityContext,
      JsonNode securityContext,
      Long terminationGracePeriodSeconds,
      String priorityClassName) {
    Driver {
      least(cores, 1, "cores");
      pod(env, volumeMounts, affinity, tolerations, podSecurityContext, securityContext);
    }
  }

  record Executor(
      Integer instances,
      Integer cores,
      String coreLimit,
      String coreRequest,
      String memory,
      String memoryOverhead,
      String javaOptions,
      Boolean deleteOnTermination,
      List<JsonNode> env,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, String> nodeSelector,
      List<JsonNode> volumeMounts,
      JsonNode affinity,
      List<JsonNode> tolerations,
      JsonNode podSecurityContext,
      JsonNode securityContext,
      Long terminationGracePeriodSeconds,
      String priorityClassName) {
    Executor {
      least(instances, 1, "instances");
      least(cores, 1, "cores");
      pod(env, volumeMounts, affinity, tolerations, podSecurityContext, securityContext);
    }
  }

  /**
   * An application or a schedule of one.
   *
   * @throws IllegalArgumentException with the field, if it is not of its kind
   */
  static void check(JsonNode resource) {
    boolean scheduled = resource.path("kind").asText().startsWith("Scheduled");
    Class<?> kind = scheduled ? ScheduledSparkApplication.class : SparkApplication.class;
    if (!kind.getSimpleName().equals(resource.path("kind").asText())
        || !resource.path("apiVersion").asText().endsWith("/v1beta2")) {
      throw new IllegalArgumentException("no schema of " + Overlay.id(resource));
    }
    try {
      STRICT.treeToValue(resource, kind);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    KubernetesSchema.check(resource.get("metadata"), V1ObjectMeta.class);
  }

  private static void pod(
      List<JsonNode> env,
      List<JsonNode> volumeMounts,
      JsonNode affinity,
      List<JsonNode> tolerations,
      JsonNode podSecurityContext,
      JsonNode securityContext) {
    each(env, V1EnvVar.class);
    each(volumeMounts, V1VolumeMount.class);
    each(tolerations, V1Toleration.class);
    one(affinity, V1Affinity.class);
    one(podSecurityContext, V1PodSecurityContext.class);
    one(securityContext, V1SecurityContext.class);
  }

  private static void each(List<JsonNode> nodes, Class<?> type) {
    if (nodes != null) {
      nodes.forEach(node -> KubernetesSchema.check(node, type));
    }
  }

  private static void one(JsonNode node, Class<?> type) {
    if (node != null && !node.isNull()) {
      KubernetesSchema.check(node, type);
    }
  }

  private static void least(Number value, long bound, String field) {
    if (value != null && value.longValue() < bound) {
      throw new IllegalArgumentException(field + " must be at least " + bound + ": " + value);
    }
  }

  /** A number is no text here, nor a text a number: the API server does not convert either. */
  private static ObjectMapper strict() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    builder.withCoercionConfig(
        LogicalType.Textual,
        text ->
            text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    return builder.build();
  }
}
