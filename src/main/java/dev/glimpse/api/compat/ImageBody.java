package dev.glimpse.api.compat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.ClassificationRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image in any of the bodies in which others send one: the bytes themselves, under any content
 * type; a form's part; or {@linkplain ImageJson JSON}.
 */
@ApplicationScoped
public class ImageBody {

  /** TorchServe's and DJL Serving's name, then ours and some that are seen. */
  private static final Set<String> PARTS = Set.of("data", "file", "body", "image", "inputs");

  private final ObjectMapper mapper;

  ImageBody(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Takes a body apart. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: an image
   * @throws dev.glimpse.failure.ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   */
  ClassificationRequest request(
      Bytes body, @Nullable String contentType, Optional<String> model, Optional<Integer> version) {
    if (contentType != null && ContentType.is(contentType, "multipart/form-data")) {
      return request(MultipartForm.parseSingle(body, contentType, PARTS).file(), model, version);
    }
    if (ContentType.is(contentType, "application/json") || isJson(body)) {
      ImageJson json = ImageJson.read(mapper.getFactory(), body.takeArray());
      return new ClassificationRequest(
              Bytes.of(json.image()), model, version, json.topK(), Optional.empty(), List.of())
          .withActivation(json.activation());
    }
    return request(body, model, version);
  }

  private static ClassificationRequest request(
      Bytes image, Optional<String> model, Optional<Integer> version) {
    return new ClassificationRequest(
        image, model, version, Optional.empty(), Optional.empty(), List.of());
  }

  /** Some clients do not say that it is, and no image begins like that. */
  private static boolean isJson(Bytes body) {
    try (Bytes.Reading reading = body.read()) {
      ByteBuffer bytes = reading.buffer();
      byte first = ' ';
      while (bytes.hasRemaining() && (first == ' ' || (first >= '\t' && first <= '\r'))) {
        first = bytes.get();
      }
      return first == '{';
    }
  }
}
