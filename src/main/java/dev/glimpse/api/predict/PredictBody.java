package dev.glimpse.api.predict;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Parses the bodies of {@code POST /predict}. */
@ApplicationScoped
public class PredictBody {

  private final ImageRequestBody<PredictParameters, PredictRequest> body;

  PredictBody(BodyValidator validator, ObjectMapper mapper, RemoteImages remote) {
    this.body =
        new ImageRequestBody<>(
            validator, remote, mapper, PredictRequest.class, PredictParameters::of);
  }

  /**
   * Parses a body. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: an image
   * @param query the parameters in the query; those in the body come first
   * @param acceptLanguage the header, if there is one
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   * @throws ConstraintViolationException if a parameter in the body is not valid
   */
  public ClassificationRequest request(
      Bytes bytes,
      @Nullable String contentType,
      PredictParameters query,
      @Nullable String acceptLanguage) {
    return body.parse(bytes, contentType, query, acceptLanguage).image();
  }
}
