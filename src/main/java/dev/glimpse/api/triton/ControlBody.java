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

/** Holds the JSON of a request about the repository; an empty body counts as an empty object. */
final class ControlBody {

  private static final ObjectMapper MAPPER = new ObjectMapper(BodyJson.factory().build());

  private final JsonNode json;

  private ControlBody(JsonNode json) {
    this.json = json;
  }

  /**
   * Parses a body.
   *
   * @throws ServingException MALFORMED_REQUEST if it is not a JSON object
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

  /** Returns whether only versions that are ready are to be listed. */
  boolean readyOnly() {
    return bool(json, "ready");
  }

  /** Returns the version, which may be a string of digits or a number; empty: all versions. */
  Optional<Integer> version() {
    return parameter("version").map(version -> VersionParameter.number(version.asText()));
  }

  /** Returns the traffic split to apply; empty: no change. */
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
   * Refuses parameters that would be ignored silently, such as Triton's {@code config}.
   *
   * @throws ServingException INVALID_PARAMETER if there is another parameter
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
