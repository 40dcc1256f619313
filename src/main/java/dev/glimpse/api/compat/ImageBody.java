package dev.glimpse.api.compat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ScoreOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses bodies with an image as clients of other servers send them: the bytes themselves, with any
 * content type; a part of a form; or {@linkplain ImageJson JSON}.
 */
@ApplicationScoped
public class ImageBody {

  /** The name in TorchServe and DJL Serving, then Glimpse's own, and some that clients send. */
  private static final Set<String> PARTS = Set.of("data", "file", "body", "image", "inputs");

  private final ObjectMapper mapper;

  ImageBody(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Parses a body. Any thread may call it; it takes as long as decoding base64 takes.
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
          Bytes.of(json.image()),
          model,
          version,
          new ClassificationOptions(json.topK(), Optional.empty(), List.of(), ScoreOptions.NONE)
              .withActivation(json.activation()));
    }
    return request(body, model, version);
  }

  private static ClassificationRequest request(
      Bytes image, Optional<String> model, Optional<Integer> version) {
    return new ClassificationRequest(image, model, version, ClassificationOptions.NONE);
  }

  /** Returns whether a body is JSON: some clients do not say so, and no image begins like that. */
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
