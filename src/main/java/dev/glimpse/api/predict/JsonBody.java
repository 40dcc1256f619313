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
import org.jspecify.annotations.Nullable;

/** Parses JSON bodies of one type. Thread-safe. */
public final class JsonBody<T> {

  private final ObjectMapper mapper;
  private final Class<T> type;

  /**
   * Built for the first JSON body, so that the first response to an image that is sent as it is
   * need not wait until Jackson has inspected the type.
   */
  private volatile @Nullable ObjectReader reader;

  /** Parses bodies of a type that is registered for reflection. */
  public JsonBody(ObjectMapper mapper, Class<T> type) {
    this.mapper = mapper;
    this.type = type;
  }

  /**
   * Parses a body, without validating the values in it.
   *
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  public T read(byte[] bytes) {
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
          : ServingException.invalid(field, mismatch(field));
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static String mismatch(String field) {
    return ParameterNames.similar(field)
        .map(ParameterNames::suggestion)
        .orElse("is not known here, or is not of the right type");
  }

  private T readEither(byte[] bytes) throws IOException {
    ObjectReader json = reader();
    try {
      return json.readValue(bytes);
    } catch (Base64Json.NotPlainException e) {
      return json.withAttribute(Base64Json.AS_TEXT, true).readValue(bytes);
    }
  }

  private ObjectReader reader() {
    ObjectReader current = reader;
    if (current == null) { // two threads may both build one; either will do
      // Without the feature, a mistyped key would be ignored and the default used in its place.
      current = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
      reader = current;
    }
    return current;
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
