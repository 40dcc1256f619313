package dev.glimpse.api.compat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.api.http.Base64Json;
import dev.glimpse.api.http.Base64Text;
import dev.glimpse.api.http.FewNames;
import dev.glimpse.api.http.JsonFields;
import dev.glimpse.api.http.MalformedJson;
import dev.glimpse.failure.ServingException;
import dev.glimpse.postprocess.Activation;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds an image in JSON: Hugging Face's {@code {"inputs": "base64", "parameters": {"top_k": 3,
 * "function_to_apply": "sigmoid"}}}, or TorchServe's {@code {"data": "base64"}}. Read token by
 * token, as a tree would take many times the body's memory. Unknown fields are ignored, as those
 * servers do.
 *
 * @param image an image file's bytes
 * @param topK how many classes to name, 1 or more
 * @param activation turns the graph's output into scores; empty: the model's own
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes that are never compared
record ImageJson(byte[] image, Optional<Integer> topK, Optional<Activation> activation) {

  private static final Set<String> IMAGE_FIELDS = Set.of("inputs", "data", "body");

  /**
   * Reads a body.
   *
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  static ImageJson read(JsonFactory factory, byte[] body) {
    try {
      return read(factory, body, false);
    } catch (Base64Json.NotPlainException e) {
      return readAgain(factory, body);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static ImageJson readAgain(JsonFactory factory, byte[] body) {
    try {
      return read(factory, body, true);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static ImageJson read(JsonFactory factory, byte[] body, boolean base64AsText)
      throws IOException {
    try (JsonParser json = new FewNames(factory.createParser(body))) {
      ImageJson read = read(json, base64AsText);
      if (json.nextToken() != null) {
        throw malformed(null);
      }
      return read;
    }
  }

  private static ImageJson read(JsonParser json, boolean base64AsText) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw malformed(null);
    }
    byte @Nullable [] image = null;
    Optional<Integer> topK = Optional.empty();
    Optional<Activation> activation = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (IMAGE_FIELDS.contains(field)) {
        image = image(json, field, base64AsText);
      } else if (field.equals("parameters") && value == JsonToken.START_OBJECT) {
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String parameter = json.currentName();
          json.nextToken();
          switch (parameter) {
            case "top_k" -> topK = topK(json);
            case "function_to_apply" -> activation = activation(json);
            default -> JsonFields.skip(json);
          }
        }
      } else {
        JsonFields.skip(json);
      }
    }
    if (image == null) {
      throw ServingException.invalid("inputs", "must hold the image's bytes in base64");
    }
    return new ImageJson(image, topK, activation);
  }

  private static byte[] image(JsonParser json, String field, boolean base64AsText)
      throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw ServingException.invalid(field, "must hold the image's bytes in base64");
    }
    if (base64AsText) {
      return Base64Text.decode(json.getText(), field);
    }
    try {
      return json.getBinaryValue(Base64Json.PLAIN);
    } catch (JsonParseException e) {
      throw new Base64Json.NotPlainException(json, e);
    }
  }

  private static Optional<Integer> topK(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    return Optional.of(JsonFields.count(json, "top_k", 1));
  }

  private static Optional<Activation> activation(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    String function = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
    return Optional.of(
        switch (function) {
          case "softmax" -> Activation.SOFTMAX;
          case "sigmoid" -> Activation.SIGMOID;
          case "none" -> Activation.NONE;
          default ->
              throw ServingException.invalid(
                  "function_to_apply", "must be one of softmax, sigmoid, none");
        });
  }

  private static ServingException malformed(@Nullable IOException cause) {
    return MalformedJson.of("The body is not a JSON object with the image in \"inputs\"", cause);
  }
}
