package dev.glimpse.api.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.glimpse.api.http.Base64Json;
import dev.glimpse.api.http.MalformedJson;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;
import java.util.stream.Collectors;

/** Reads bodies of one form in JSON. */
final class JsonBody<T> {

  private final ObjectReader json;
  private final ObjectReader withBase64AsText;

  JsonBody(ObjectMapper mapper, Class<T> form) {
    // A mistyped key would otherwise go unnoticed, and the answer be to another question.
    this.json = mapper.readerFor(form).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    this.withBase64AsText = json.withAttribute(Base64Json.AS_TEXT, true);
  }

  /**
   * Reads a body; what is in it has still to be validated.
   *
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  T read(byte[] bytes) {
    try {
      T request = readEither(bytes);
      if (request == null) {
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body is null, not an object.");
      }
      return request;
    } catch (Base64Json.NotPlainException e) {
      throw ServingException.invalid(field(e), "is not valid base64");
    } catch (JsonMappingException e) {
      String field = field(e);
      throw field.isEmpty() || e.getCause() instanceof JsonProcessingException
          ? malformed(e)
          : ServingException.invalid(field, "is not known here, or is not of the right type");
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private T readEither(byte[] bytes) throws IOException {
    try {
      return json.readValue(bytes);
    } catch (Base64Json.NotPlainException e) {
      return withBase64AsText.readValue(bytes);
    }
  }

  private static String field(JsonMappingException e) {
    return e.getPath().stream()
        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static ServingException malformed(IOException e) {
    return MalformedJson.of("The body is not a JSON object of the documented form", e);
  }
}
