package dev.glimpse.dialects;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.Classifier.Question;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.predict.MultipartForm;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A picture in any of the bodies in which others send one: the bytes themselves, under any content
 * type; a form's part; or Hugging Face's JSON, {@code {"inputs": "base64", "parameters": {"top_k":
 * 3}}}.
 */
@ApplicationScoped
public class PictureBody {

  /** TorchServe's and DJL Serving's name, then ours and some that are seen. */
  private static final Set<String> PARTS = Set.of("data", "file", "body", "image", "inputs");

  private final ObjectMapper mapper;

  PictureBody(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Takes a body apart. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: a picture
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  Question question(
      byte[] body,
      @Nullable String contentType,
      Optional<String> model,
      Optional<Integer> version) {
    String kind = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    if (contentType != null && kind.startsWith("multipart/form-data")) {
      byte[] picture = MultipartForm.parse(body, contentType, 1, PARTS).file();
      return question(picture, model, version, Optional.empty());
    }
    if (kind.startsWith("application/json")) {
      JsonNode json = json(body);
      return question(picture(json), model, version, topK(json));
    }
    return question(body, model, version, Optional.empty());
  }

  private static Question question(
      byte[] picture, Optional<String> model, Optional<Integer> version, Optional<Integer> topK) {
    return new Question(picture, model, version, topK, Optional.empty(), List.of());
  }

  private JsonNode json(byte[] body) {
    try {
      JsonNode json = mapper.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw malformed(e);
    }
    throw malformed(null);
  }

  private static byte[] picture(JsonNode json) {
    JsonNode inputs = json.path("inputs");
    if (!inputs.isTextual()) {
      throw ServingException.invalid("inputs", "must hold the picture's bytes in base64");
    }
    try {
      return Base64Variants.getDefaultVariant().decode(inputs.textValue());
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid("inputs", "is not base64");
    }
  }

  private static Optional<Integer> topK(JsonNode json) {
    JsonNode topK = json.at("/parameters/top_k");
    if (topK.isMissingNode() || topK.isNull()) {
      return Optional.empty();
    }
    if (!topK.canConvertToInt() || !topK.isIntegralNumber()) {
      throw ServingException.invalid("top_k", "must be a whole number from 1 up");
    }
    return Optional.of(topK.intValue());
  }

  private static ServingException malformed(@Nullable Exception cause) {
    return new ServingException(
        Failure.MALFORMED_REQUEST,
        "The body is not a JSON object with the picture in \"inputs\".",
        cause);
  }
}
