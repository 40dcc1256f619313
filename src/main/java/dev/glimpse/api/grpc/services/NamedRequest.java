package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.MessageReader.LENGTH;
import static dev.glimpse.api.grpc.MessageReader.TAG;

import com.google.protobuf.CodedInputStream;
import dev.glimpse.api.grpc.MessageReader;
import dev.glimpse.api.tensorjson.VersionParameter;
import dev.glimpse.failure.ServingException;
import java.util.Optional;

/**
 * Holds a request about a model or a service: a name and a version, the first fields of each such
 * message.
 */
record NamedRequest(String name, String version) {

  private static final int NAME = 1 << TAG | LENGTH;
  private static final int VERSION = 2 << TAG | LENGTH;

  /**
   * Reads a request.
   *
   * @param message its name, for errors
   * @throws ServingException MALFORMED_REQUEST
   */
  static NamedRequest read(String message, CodedInputStream in) {
    String[] values = {"", ""};
    MessageReader.read(
        message,
        in,
        (tag, value) -> {
          switch (tag) {
            case NAME -> values[0] = MessageReader.name(value, "name");
            case VERSION -> values[1] = MessageReader.name(value, "version");
            default -> value.skipField(tag);
          }
        });
    return new NamedRequest(values[0], values[1]);
  }

  /**
   * Returns the model's name.
   *
   * @throws ServingException INVALID_PARAMETER if it is missing
   */
  String model() {
    return requireModel(name, "name");
  }

  /**
   * Returns the number of the version; empty if any will do.
   *
   * @throws ServingException INVALID_PARAMETER if it is no number
   */
  Optional<Integer> number() {
    return version.isEmpty() ? Optional.empty() : Optional.of(VersionParameter.number(version));
  }

  /** Returns a model's name, which has to be there. */
  static String requireModel(String name, String field) {
    if (name.isEmpty()) {
      throw ServingException.invalid(field, "must be a model's name");
    }
    return name;
  }
}
