package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.stream.Collectors;

/** Reads bodies of one form in JSON. */
final class JsonBody<T> {

  private final ObjectReader json;

  JsonBody(ObjectMapper mapper, Class<T> form) {
    // A mistyped key would otherwise go unnoticed, and the answer be to another question.
    this.json = mapper.readerFor(form).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /**
   * Reads a body; what is in it has still to be validated.
   *
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  T read(byte[] bytes) {
    try {
      T request = json.readValue(bytes);
      if (request == null) {
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body is null, not an object.");
      }
      return request;
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
              .collect(Collectors.joining("."));
      throw field.isEmpty() || e.getCause() instanceof JsonEOFException
          ? malformed(e)
          : ServingException.invalid(field, "is not known here, or is not of the right type");
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static ServingException malformed(IOException e) {
    String where =
        e instanceof JsonProcessingException broken && broken.getLocation() != null
            ? " (line %d, column %d)"
                .formatted(broken.getLocation().getLineNr(), broken.getLocation().getColumnNr())
            : "";
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body is not a JSON object of the documented form" + where + ".",
        e);
  }
}
