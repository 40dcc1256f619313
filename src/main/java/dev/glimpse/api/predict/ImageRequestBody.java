package dev.glimpse.api.predict;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.http.ContentType;
import dev.glimpse.api.http.MultipartForm;
import dev.glimpse.api.predict.PredictRequest.ImageSource;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.remote.RemoteImages;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses a body with an image, of the three kinds that {@code POST /predict} takes. Thread-safe.
 *
 * @param <P> the parameters
 * @param <J> the body as JSON
 */
public final class ImageRequestBody<
    P extends ImageRequestBody.Parameters<P>, J extends ImageRequestBody.Json<P>> {

  /** Holds the parameters of a request as text. */
  public interface Parameters<P> {

    /** Returns these, with what is left out taken from others. */
    P orElse(P others);

    /** Returns the request for an image; these must be valid. */
    ClassificationRequest request(Bytes image, @Nullable String acceptLanguage);
  }

  /** Holds an image and parameters. */
  public interface Json<P> {
    ImageSource image();

    P parameters();
  }

  /**
   * Holds a parsed body.
   *
   * @param parameters valid ones, of the body and the query
   * @param image the image and the model
   */
  public record Content<P>(P parameters, ClassificationRequest image) {}

  private final BodyValidator validator;
  private final RemoteImages remote;
  private final JsonBody<J> json;
  private final Function<MultipartForm, P> ofForm;

  /**
   * Creates a parser.
   *
   * @param type of the body as JSON, which is registered for reflection
   * @param ofForm reads the parameters from a form
   */
  public ImageRequestBody(
      BodyValidator validator,
      RemoteImages remote,
      ObjectMapper mapper,
      Class<J> type,
      Function<MultipartForm, P> ofForm) {
    this.validator = validator;
    this.remote = remote;
    this.json = new JsonBody<>(mapper, type);
    this.ofForm = ofForm;
  }

  /**
   * Parses a body. Any thread may call it; it takes as long as decoding base64 takes.
   *
   * @param contentType the body's kind; null: an image
   * @param query the parameters in the query; those in the body come first
   * @param acceptLanguage the header, if there is one
   * @throws dev.glimpse.failure.ServingException MALFORMED_REQUEST or INVALID_PARAMETER
   * @throws jakarta.validation.ConstraintViolationException if a parameter in the body is not valid
   */
  public Content<P> parse(
      Bytes body, @Nullable String contentType, P query, @Nullable String acceptLanguage) {
    if (contentType != null && ContentType.is(contentType, "multipart/form-data")) {
      MultipartForm form = MultipartForm.parseSingle(body, contentType);
      P parameters = validator.valid(ofForm.apply(form)).orElse(query);
      return new Content<>(parameters, parameters.request(form.file(), acceptLanguage));
    }
    if (ContentType.is(contentType, "application/json")) {
      J request = validator.valid(json.read(body.takeArray()));
      P parameters = validator.valid(request.parameters()).orElse(query);
      ClassificationRequest common = parameters.request(Bytes.NONE, acceptLanguage);
      return new Content<>(parameters, request.image().into(common, remote));
    }
    return new Content<>(query, query.request(body, acceptLanguage));
  }
}
