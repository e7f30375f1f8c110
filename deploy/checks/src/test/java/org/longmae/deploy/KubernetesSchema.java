package org.longmae.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;

/**
 * Kubernetes' own schema, as its project publishes it: the classes that are generated of its
 * OpenAPI document say which fields there are, which must be there, and of what type they are.
 */
final class KubernetesSchema {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1 Namespace", V1Namespace.class,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim.class,
          "v1 Pod", V1Pod.class,
          "v1 ServiceAccount", V1ServiceAccount.class,
          "rbac.authorization.k8s.io/v1 Role", V1Role.class,
          "rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding.class);

  private KubernetesSchema() {}

  /**
   * A whole resource.
   *
   * @throws IllegalArgumentException with the field, if it is not of its kind
   */
  static void check(JsonNode resource) {
    String kind = resource.path("apiVersion").asText() + " " + resource.path("kind").asText();
    if (kind.startsWith("sparkoperator.k8s.io/")) {
      SparkOperatorSchema.check(resource);
      return;
    }
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("no schema of " + kind);
    }
    check(resource, type);
  }

  /** A part of one. */
  static void check(JsonNode node, Class<?> type) {
    JsonElement element = JsonParser.parseString(node.toString());
    try {
      type.getMethod("validateJsonElement", JsonElement.class).invoke(null, element);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    // Types of values: a word where a number must be.
    JSON.getGson().fromJson(element, type);
  }
}
