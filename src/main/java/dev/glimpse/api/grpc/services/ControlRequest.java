package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;
import static dev.glimpse.api.grpc.MessageReader.VARINT;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.failure.ServingException;
import dev.glimpse.registry.TrafficSplit;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds a {@code RepositoryModelLoadRequest}, or one to unload, which has the same fields.
 *
 * @param parameters their values as text
 */
record ControlRequest(String model, Map<String, String> parameters) {

  private static final int MODEL = 2 << TAG | LENGTH;
  private static final int PARAMETER = 3 << TAG | LENGTH;
  private static final int KEY = 1 << TAG | LENGTH;
  private static final int VALUE = 2 << TAG | LENGTH;
  private static final int BOOL = 1 << TAG | VARINT;
  private static final int INT64 = 2 << TAG | VARINT;
  private static final int STRING = 3 << TAG | LENGTH;

  /**
   * Reads a request.
   *
   * @param known the parameters that it may have: others would be passed over in silence, such as
   *     Triton's {@code config}
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static ControlRequest read(CodedInputStream in, List<String> known) {
    String[] model = {""};
    Map<String, String> parameters = new HashMap<>();
    MessageReader.read(
        "request about the repository",
        in,
        (tag, field) -> {
          switch (tag) {
            case MODEL -> model[0] = MessageReader.name(field, "model_name");
            case PARAMETER -> parameter(field, parameters);
            default -> field.skipField(tag);
          }
        });
    if (!known.containsAll(parameters.keySet())) {
      throw ServingException.invalid(
          "parameters", "may hold " + String.join(", ", known) + ", and nothing else");
    }
    return new ControlRequest(NamedRequest.requireModel(model[0], "model_name"), parameters);
  }

  private static void parameter(CodedInputStream in, Map<String, String> parameters)
      throws IOException {
    String[] entry = {"", ""};
    MessageReader.nested(
        in,
        (tag, field) -> {
          switch (tag) {
            case KEY -> entry[0] = field.readString();
            case VALUE ->
                MessageReader.nested(field, (choice, value) -> entry[1] = text(choice, value));
            default -> field.skipField(tag);
          }
        });
    parameters.put(entry[0], entry[1]);
  }

  private static String text(int choice, CodedInputStream value) throws IOException {
    return switch (choice) {
      case BOOL -> Boolean.toString(value.readBool());
      case INT64 -> Long.toString(value.readInt64());
      case STRING -> value.readString();
      default -> {
        value.skipField(choice);
        yield "";
      }
    };
  }

  /** Returns which version it is about; empty: all. */
  Optional<Integer> version() {
    return Optional.ofNullable(parameters.get("version")).map(VersionParameter::number);
  }

  /** Returns how the model's requests are to be shared out. */
  Optional<TrafficSplit> traffic() {
    return Optional.ofNullable(parameters.get("traffic"))
        .map(traffic -> {
          try {
            return TrafficSplit.parse(traffic);
          } catch (IllegalArgumentException e) {
            throw ServingException.invalid("traffic", String.valueOf(e.getMessage()));
          }
        });
  }
}
