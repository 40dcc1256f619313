package dev.glimpse.api.triton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.glimpse.api.http.BodyJson;
import dev.glimpse.api.http.MalformedJson;
import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.TrafficSplit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of a request about the repository; a body of no bytes is an empty object. */
final class ControlBody {

  private static final ObjectMapper MAPPER = new ObjectMapper(BodyJson.factory().build());

  private final JsonNode json;

  private ControlBody(JsonNode json) {
    this.json = json;
  }

  /**
   * Takes a body apart.
   *
   * @throws ServingException MALFORMED_REQUEST if it is no JSON object
   */
  static ControlBody read(byte[] body) {
    try {
      JsonNode json =
          body.length == 0 ? JsonNodeFactory.instance.objectNode() : MAPPER.readTree(body);
      if (json.isObject()) {
        return new ControlBody(json);
      }
      throw malformed(null);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new IllegalStateException("Bytes in memory can be read", e);
    }
  }

  private static ServingException malformed(@Nullable IOException cause) {
    return MalformedJson.of("The body is not a JSON object", cause);
  }

  /** Whether only what is ready is wanted. */
  boolean readyOnly() {
    return bool(json, "ready");
  }

  /** Which version it is about, as a string of digits or a number; empty: all. */
  Optional<Integer> version() {
    return parameter("version").map(version -> VersionParameter.number(version.asText()));
  }

  /** How the model's requests are to be shared out. */
  Optional<TrafficSplit> traffic() {
    return parameter("traffic")
        .map(traffic -> {
          try {
            return TrafficSplit.parse(traffic.asText());
          } catch (IllegalArgumentException e) {
            throw ServingException.invalid("traffic", String.valueOf(e.getMessage()));
          }
        });
  }

  /**
   * Refuses what would be passed over in silence, such as Triton's {@code config}.
   *
   * @throws ServingException INVALID_PARAMETER if a parameter is none of these
   */
  ControlBody requireOnly(List<String> known) {
    if (!parameters().isObject() && !parameters().isMissingNode()) {
      throw ServingException.invalid("parameters", "must be an object");
    }
    parameters()
        .fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            throw ServingException.invalid(
                "parameters", "may hold " + String.join(", ", known) + ", and nothing else");
          }
        });
    return this;
  }

  private JsonNode parameters() {
    return json.path("parameters").isNull() ? MAPPER.missingNode() : json.path("parameters");
  }

  private Optional<JsonNode> parameter(String name) {
    return Optional.of(parameters().path(name))
        .filter(value -> !value.isMissingNode() && !value.isNull());
  }

  private static boolean bool(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isBoolean() && !value.isMissingNode() && !value.isNull()) {
      throw ServingException.invalid(name, "must be true or false");
    }
    return value.booleanValue();
  }
}
