package dev.glimpse.api.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Compares messages with docs/asyncapi.yaml. */
final class LiveSchemas {

  private LiveSchemas() {}

  static JsonNode document() throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(Path.of("docs/asyncapi.yaml").toFile());
  }

  /**
   * Returns what is wrong with a message.
   *
   * @param name of its schema
   */
  static Set<ValidationMessage> faults(String name, JsonNode message) throws IOException {
    ObjectNode schema = new ObjectMapper().createObjectNode();
    schema.put("$ref", "#/components/schemas/" + name);
    schema.set("components", document().get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(schema)
        .validate(message);
  }
}
