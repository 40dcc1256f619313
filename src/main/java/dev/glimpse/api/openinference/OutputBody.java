package dev.glimpse.api.openinference;

import com.fasterxml.jackson.core.JsonParser;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.openinference.InferRequest.Requested;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a requested output from the JSON of {@code infer}. */
final class OutputBody {

  private final String field;
  private String name = "";
  private @Nullable Boolean binary;
  private int classes;

  private OutputBody(String field) {
    this.field = field;
  }

  /**
   * Reads it.
   *
   * @param field where in the body it is, for messages
   */
  static OutputBody read(JsonParser json, String field) throws IOException {
    OutputBody output = new OutputBody(field);
    JsonFields.each(json, field, output::field);
    if (output.name.isEmpty()) {
      throw ServingException.invalid(field + ".name", "must be there");
    }
    return output;
  }

  private void field(JsonParser json, String key) throws IOException {
    switch (key) {
      case "name" -> name = JsonFields.text(json, field + ".name");
      case "parameters" -> JsonFields.each(json, field + ".parameters", this::parameter);
      default -> JsonFields.skip(json);
    }
  }

  private void parameter(JsonParser json, String key) throws IOException {
    String parameter = field + ".parameters." + key;
    switch (key) {
      case "binary_data" -> binary = JsonFields.bool(json, parameter);
      case "classification" -> classes = JsonFields.count(json, parameter);
      default -> JsonFields.skip(json);
    }
  }

  /** Returns the output, with the request's setting for binary where it has none of its own. */
  Requested requested(boolean binaryOutputs) {
    return new Requested(name, binary != null ? binary : binaryOutputs, classes);
  }
}
