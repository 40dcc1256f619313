package dev.glimpse.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the schemas that Kubernetes and makers of custom resources publish as kubeconform reads
 * them: a file for each kind, in which unknown keys are faults.
 */
final class PublishedSchemas {

  /** Where kubeconform looks for a kind, below a folder. */
  static final String PLACE = "/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";

  private static final String REFERENCE = "#/definitions/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  PublishedSchemas(Path folder) {
    this.folder = folder;
  }

  /** Writes a schema for each kind of Kubernetes' own OpenAPI document. */
  void addKubernetes(Path openApi) throws IOException {
    JsonNode definitions = JSON.readTree(openApi.toFile()).path("definitions");
    definitions.properties().forEach(entry -> forbidUnknownKeys(entry.getValue()));
    either(definitions, "io.k8s.apimachinery.pkg.util.intstr.IntOrString", "integer");
    either(definitions, "io.k8s.apimachinery.pkg.api.resource.Quantity", "number");
    for (var entry : definitions.properties()) {
      JsonNode kinds = entry.getValue().path("x-kubernetes-group-version-kind");
      if (kinds.size() == 1) {
        ObjectNode schema = JSON.createObjectNode().put("$ref", REFERENCE + entry.getKey());
        ObjectNode needed = schema.putObject("definitions");
        Set<String> names = new TreeSet<>();
        collect(entry.getKey(), definitions, names);
        names.forEach(name -> needed.set(name, definitions.get(name)));
        JsonNode kind = kinds.get(0);
        write(
            kind.path("group").asText(),
            kind.path("version").asText(),
            kind.path("kind").asText(),
            schema);
      }
    }
  }

  /** Writes a schema for each version of a custom resource. */
  void addCustomResource(Path definition) throws IOException {
    JsonNode spec = new YAMLMapper().readTree(Files.readString(definition)).path("spec");
    for (JsonNode version : spec.path("versions")) {
      JsonNode schema = version.at("/schema/openAPIV3Schema");
      ObjectNode keys = (ObjectNode) schema.get("properties"); // these three go without saying
      keys.putObject("apiVersion").put("type", "string");
      keys.putObject("kind").put("type", "string");
      keys.putObject("metadata").put("type", "object");
      forbidUnknownKeys(schema);
      write(
          spec.path("group").asText(),
          version.path("name").asText(),
          spec.at("/names/kind").asText(),
          schema);
    }
  }

  private void write(String group, String version, String kind, JsonNode schema)
      throws IOException {
    Path file =
        folder
            .resolve(group.isEmpty() ? version : group)
            .resolve(kind.toLowerCase(Locale.ROOT) + "_" + version + ".json");
    Files.createDirectories(file.getParent());
    JSON.writeValue(file.toFile(), schema);
  }

  private static void collect(String name, JsonNode definitions, Set<String> names) {
    if (names.add(name)) {
      definitions.path(name).findValuesAsText("$ref").stream()
          .filter(reference -> reference.startsWith(REFERENCE)) // a property may have that name
          .forEach(
              reference -> collect(reference.substring(REFERENCE.length()), definitions, names));
    }
  }

  /** In the document these are texts, but numbers are taken, too. */
  private static void either(JsonNode definitions, String name, String type) {
    ObjectNode definition = (ObjectNode) definitions.get(name);
    definition.remove("type");
    definition.remove("format");
    definition.putArray("type").add("string").add(type);
  }

  private static void forbidUnknownKeys(JsonNode schema) {
    if (schema.path("properties").isObject()
        && !schema.has("additionalProperties")
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
    schema.forEach(PublishedSchemas::forbidUnknownKeys);
  }
}
