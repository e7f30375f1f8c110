package org.longmae.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;

/**
 * Renders a folder as {@code kubectl kustomize} does, as far as ours go: resources, components, and
 * patches that are merged into the resource of their kind and name. Anything else is refused.
 */
final class Overlay {
  private static final Set<String> KNOWN =
      Set.of("apiVersion", "kind", "resources", "components", "patches");

  private Overlay() {}

  static List<JsonNode> render(Path folder) {
    return render(folder, new ArrayList<>());
  }

  private static List<JsonNode> render(Path folder, List<JsonNode> resources) {
    JsonNode file = Yaml.read(folder.resolve("kustomization.yaml")).get(0);
    file.fieldNames().forEachRemaining(key -> require(KNOWN.contains(key), folder, key));
    for (JsonNode name : file.path("resources")) {
      Path resource = folder.resolve(name.asText()).normalize();
      resources.addAll(Files.isDirectory(resource) ? render(resource) : Yaml.read(resource));
    }
    for (JsonNode name : file.path("components")) {
      render(folder.resolve(name.asText()).normalize(), resources);
    }
    for (JsonNode patch : file.path("patches")) {
      require(patch.size() == 1 && patch.has("path"), folder, patch.toString());
      for (JsonNode change : Yaml.read(folder.resolve(patch.get("path").asText()))) {
        JsonNode subject =
            resources.stream()
                .filter(resource -> id(resource).equals(id(change)))
                .findFirst()
                .orElseThrow(
                    () -> new IllegalStateException(folder + ": nothing there is " + id(change)));
        merge((ObjectNode) subject, change);
      }
    }
    return resources;
  }

  /** What tells a resource from others. */
  static String id(JsonNode resource) {
    return String.join(
        " ",
        resource.path("apiVersion").asText(),
        resource.path("kind").asText(),
        resource.path("metadata").path("namespace").asText(),
        resource.path("metadata").path("name").asText());
  }

  /** RFC 7386, which kustomize applies to kinds that Kubernetes does not know itself. */
  private static void merge(ObjectNode subject, JsonNode change) {
    for (Iterator<Entry<String, JsonNode>> fields = change.fields(); fields.hasNext(); ) {
      Entry<String, JsonNode> field = fields.next();
      JsonNode old = subject.get(field.getKey());
      if (field.getValue().isObject() && old != null && old.isObject()) {
        merge((ObjectNode) old, field.getValue());
      } else {
        subject.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  private static void require(boolean rule, Path folder, String what) {
    if (!rule) {
      throw new IllegalStateException(folder + ": this renderer does not know " + what);
    }
  }
}
