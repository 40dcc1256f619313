package dev.glimpse.api.tensorjson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.glimpse.api.http.BodyJson;
import dev.glimpse.api.http.FewNames;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.http.MalformedJson;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.io.IOException;

/**
 * Parses the JSON of requests that hold tensors, token by token: a tree would take many times the
 * memory of the body.
 */
public final class TensorJson {

  /**
   * Reads and writes tensors; {@code NaN} and the infinities may be bare, as Python writes them.
   */
  public static final JsonFactory FACTORY =
      BodyJson.factory()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private TensorJson() {}

  /**
   * Parses the JSON object at the start of a body.
   *
   * @param jsonBytes how many bytes of the body are JSON
   * @param object reads the object's fields; is called once, with the parser at the object's start
   * @throws ServingException MALFORMED_REQUEST if the JSON is not exactly one object in UTF-8
   */
  public static void parse(byte[] body, int jsonBytes, JsonFields.Element object) {
    try (JsonParser json = new FewNames(FACTORY.createParser(body, 0, jsonBytes))) {
      if (json.currentLocation().getByteOffset() < 0) {
        // for UTF-16 and UTF-32 the parser does not report byte offsets, which readers of tensors
        // need
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body's JSON must be UTF-8.");
      }
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new ServingException(Failure.MALFORMED_REQUEST, "The body is not a JSON object.");
      }
      object.read(json);
      if (json.nextToken() != null) {
        throw new ServingException(
            Failure.MALFORMED_REQUEST, "After the body's JSON object there is more.");
      }
    } catch (JsonProcessingException e) {
      throw MalformedJson.of("The body is not JSON of the documented form", e);
    } catch (IOException e) {
      throw new ServingException(Failure.MALFORMED_REQUEST, "The body cannot be read.", e);
    }
  }
}
