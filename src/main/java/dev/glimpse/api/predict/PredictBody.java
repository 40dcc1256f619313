package dev.glimpse.api.predict;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.ServingException;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** A body of any of the three kinds as a request. */
@ApplicationScoped
public class PredictBody {

  private static final String MULTIPART = "multipart/form-data";
  private static final String JSON = "application/json";

  private final RemoteImages remote;
  private final BodyValidator validator;
  private final JsonBody<PredictRequest> json;

  PredictBody(BodyValidator validator, ObjectMapper mapper, RemoteImages remote) {
    this.remote = remote;
    this.validator = validator;
    this.json = new JsonBody<>(mapper, PredictRequest.class);
  }

  /**
   * Takes a body apart. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: an image
   * @param query the parameters in the query; those in the body come first
   * @param acceptLanguage the header, if there is one
   * @throws ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   * @throws ConstraintViolationException if a parameter in the body is not valid
   */
  public ClassificationRequest request(
      Bytes body,
      @Nullable String contentType,
      PredictParameters query,
      @Nullable String acceptLanguage) {
    if (contentType != null && ContentType.is(contentType, MULTIPART)) {
      MultipartForm form = MultipartForm.parseSingle(body, contentType);
      return validator
          .valid(PredictParameters.of(form))
          .orElse(query)
          .request(form.file(), acceptLanguage);
    }
    if (ContentType.is(contentType, JSON)) {
      PredictRequest request = validator.valid(json.read(body.takeArray()));
      ClassificationRequest common =
          validator.valid(request.parameters()).orElse(query).request(Bytes.NONE, acceptLanguage);
      return request.image().into(common, remote);
    }
    return query.request(body, acceptLanguage);
  }
}
